package dev.packetpath.cli.chart;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * A value, or the range in which it is known to lie.
 *
 * @param x where
 * @param low the least value
 * @param high the most, the same where the value is known
 */
public record Point(double x, double low, double high) {
  /** Checks that there is a value. */
  public Point {
    checkArgument(
        Double.isFinite(x) && Double.isFinite(low) && low <= high && Double.isFinite(high),
        "point %s: %s to %s",
        x,
        low,
        high);
  }

  /** Returns a point whose value is known. */
  public static Point of(double x, double y) {
    return new Point(x, y, y);
  }

  boolean isRange() {
    return low < high;
  }
}
