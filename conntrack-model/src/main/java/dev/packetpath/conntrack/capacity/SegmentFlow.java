package dev.packetpath.conntrack.capacity;

import dev.packetpath.conntrack.CollectorInterval;

/**
 * The entries that pass through one stretch of their life, in equal slices of time. What entered is
 * kept divided by the share that had survived until then, so that a loss to all of them is one
 * multiplication.
 */
final class SegmentFlow {
  final Timeline.Segment segment;
  private final double slicesLong;
  private double[] entered = new double[64];
  private double[] scaled = new double[64];
  private int slices;

  SegmentFlow(Timeline.Segment segment, double sliceNs) {
    this.segment = segment;
    this.slicesLong = segment.durationNs() / sliceNs;
  }

  /** Adds what enters in the next slice; {@code survival} is the share that has survived so far. */
  void enter(double amount, double survival) {
    if (slices + 1 == entered.length) {
      entered = java.util.Arrays.copyOf(entered, 2 * entered.length);
      scaled = java.util.Arrays.copyOf(scaled, 2 * scaled.length);
    }
    entered[slices + 1] = entered[slices] + amount;
    scaled[slices + 1] = scaled[slices] + amount / survival;
    slices++;
  }

  /** Returns how many leave alive in the last slice. */
  double leaves(double survival) {
    return survival * window(scaled, slices - 1 - slicesLong, slices - slicesLong);
  }

  /** Returns how many of those that entered would have left in the last slice. */
  double due() {
    return window(entered, slices - 1 - slicesLong, slices - slicesLong);
  }

  /** Returns how many are alive in the stretch. */
  double alive(double survival) {
    return survival * window(scaled, slices - slicesLong, slices);
  }

  /** Adds what the living entries have left to the collector's mean; each is met twice. */
  void addTo(CollectorInterval interval, double survival, double sliceNs) {
    int first = (int) Math.max(0, Math.ceil(slices - slicesLong));
    for (int slice = first; slice < slices; slice++) {
      double amount = survival * (scaled[slice + 1] - scaled[slice]);
      double ageNs = (slices - slice - 0.5) * sliceNs;
      interval.add(segment.leftNs() - ageNs, 2 * amount);
    }
  }

  /** Divides all survival by a factor that the caller takes out of its own. */
  void rescale(double survival) {
    for (int i = 0; i <= slices; i++) {
      scaled[i] *= survival;
    }
  }

  private double window(double[] cumulative, double from, double until) {
    return at(cumulative, until) - at(cumulative, from);
  }

  private double at(double[] cumulative, double slice) {
    if (slice <= 0) {
      return 0;
    }
    int below = (int) Math.min(slice, slices);
    double part = slice - below;
    return below >= slices
        ? cumulative[slices]
        : cumulative[below] + part * (cumulative[below + 1] - cumulative[below]);
  }
}
