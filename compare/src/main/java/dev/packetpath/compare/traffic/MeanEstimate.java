package dev.packetpath.compare.traffic;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * A mean with its confidence interval at 99%, by the method of batch means: the batches are long
 * against what is remembered from one to the next, so that their means are as good as independent.
 *
 * @param mean the mean over all observations
 * @param halfWidth half the interval's width; not a number with fewer than two batches
 */
public record MeanEstimate(double mean, double halfWidth) {
  /** Student's quantile at 99.5% for 1 to 30 degrees of freedom. */
  private static final double[] STUDENT = {
    63.657, 9.925, 5.841, 4.604, 4.032, 3.707, 3.499, 3.355, 3.250, 3.169, 3.106, 3.055, 3.012,
    2.977, 2.947, 2.921, 2.898, 2.878, 2.861, 2.845, 2.831, 2.819, 2.807, 2.797, 2.787, 2.779,
    2.771, 2.763, 2.756, 2.750
  };

  private static final double NORMAL = 2.5758;

  /**
   * Returns the estimate from sums over batches. Batches without an observation count for nothing.
   *
   * @param sums the sum of the observations of each batch
   * @param counts how many observations each batch has
   */
  static MeanEstimate ofBatches(double[] sums, long[] counts) {
    checkArgument(sums.length == counts.length, "%s sums, %s counts", sums.length, counts.length);
    double sum = 0;
    long count = 0;
    int batches = 0;
    for (int i = 0; i < sums.length; i++) {
      sum += sums[i];
      count += counts[i];
      batches += counts[i] > 0 ? 1 : 0;
    }
    if (count == 0) {
      return new MeanEstimate(0, Double.NaN);
    }
    double mean = sum / count;
    double each = (double) count / batches;
    double squares = 0;
    for (int i = 0; i < sums.length; i++) {
      // A ratio of two means: what a batch adds to the sum beyond its share.
      double beyond = counts[i] > 0 ? (sums[i] - mean * counts[i]) / each : 0;
      squares += beyond * beyond;
    }
    double error = Math.sqrt(squares / (batches - 1) / batches);
    return new MeanEstimate(mean, quantile(batches - 1) * error);
  }

  private static double quantile(int degrees) {
    if (degrees < 1) {
      return Double.NaN;
    }
    // Beyond the table: the first term of Fisher's expansion.
    return degrees <= STUDENT.length
        ? STUDENT[degrees - 1]
        : NORMAL + (NORMAL * NORMAL * NORMAL + NORMAL) / (4.0 * degrees);
  }

  /** Returns whether a value is in the interval. */
  public boolean contains(double value) {
    return Math.abs(value - mean) <= halfWidth;
  }
}
