package dev.packetpath.compare;

/**
 * How long requests took from the moment they were due until they were answered, the set-up of
 * their connection included, in milliseconds. All are infinite where the cores do not keep up; the
 * percentiles are not a number where only the mean was computed.
 *
 * @param mean the mean
 * @param p50 the median
 * @param p90 what nine of ten requests stayed under
 * @param p99 what 99 of a hundred requests stayed under
 */
public record ResponseTime(double mean, double p50, double p90, double p99) {
  /** Where the cores do not keep up. */
  public static final ResponseTime ENDLESS =
      new ResponseTime(
          Double.POSITIVE_INFINITY,
          Double.POSITIVE_INFINITY,
          Double.POSITIVE_INFINITY,
          Double.POSITIVE_INFINITY);

  /** Returns a mean of which no percentiles are known. */
  public static ResponseTime ofMean(double mean) {
    return new ResponseTime(mean, Double.NaN, Double.NaN, Double.NaN);
  }
}
