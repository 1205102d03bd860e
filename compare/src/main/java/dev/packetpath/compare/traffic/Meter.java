package dev.packetpath.compare.traffic;

import org.HdrHistogram.Histogram;

/**
 * Times of requests and set-ups, by batches. {@link #response} and {@link #setUp} allocate nothing.
 */
final class Meter {
  private static final long LONGEST_NS = (long) Distribution.LONGEST_NS;

  private final Histogram histogram = new Histogram(LONGEST_NS, 3);
  private final double[] responseSums;
  private final long[] responses;
  private final double[] setUpSums;
  private final long[] setUps;

  Meter(int batches) {
    responseSums = new double[batches];
    responses = new long[batches];
    setUpSums = new double[batches];
    setUps = new long[batches];
  }

  /** Counts a request that was answered. */
  void response(int batch, long ns) {
    responseSums[batch] += ns;
    responses[batch]++;
    histogram.recordValue(Math.min(ns, LONGEST_NS));
  }

  /** Counts a connection that was opened. */
  void setUp(int batch, long ns) {
    setUpSums[batch] += ns;
    setUps[batch]++;
  }

  long requests() {
    return sum(responses);
  }

  long connections() {
    return sum(setUps);
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  MeanEstimate responseTime() {
    return MeanEstimate.ofBatches(responseSums, responses);
  }

  MeanEstimate setUpTime() {
    return MeanEstimate.ofBatches(setUpSums, setUps);
  }

  long percentileNs(double percentile) {
    return histogram.getValueAtPercentile(percentile);
  }
}
