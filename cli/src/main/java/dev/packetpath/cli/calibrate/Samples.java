package dev.packetpath.cli.calibrate;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.Collection;

/**
 * Times of one thing that was measured again and again.
 *
 * @param sorted the times, ascending
 */
record Samples(ImmutableList<Double> sorted) {
  private static final double LOW = 0.05;

  /** Checks that there are some. */
  Samples {
    checkArgument(!sorted.isEmpty(), "no samples");
  }

  static Samples of(Collection<Double> times) {
    return new Samples(ImmutableList.sortedCopyOf(times));
  }

  /**
   * Returns the 5th percentile: what it takes when nothing disturbs it. Between two samples on a
   * straight line.
   */
  double low() {
    return quantile(LOW);
  }

  double median() {
    return quantile(0.5);
  }

  /** Returns how much more the median is than the 5th percentile, as a factor. */
  double noise() {
    return median() / low();
  }

  private double quantile(double share) {
    double at = share * (sorted.size() - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.size() - 1);
    return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
  }
}
