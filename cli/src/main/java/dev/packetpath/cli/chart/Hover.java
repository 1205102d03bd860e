package dev.packetpath.cli.chart;

import com.google.common.collect.ImmutableList;

/**
 * Where the values of a drawing stand, for a page that tells them under the pointer.
 *
 * @param top the upper edge of the plot
 * @param bottom the lower edge of the plot
 * @param stops the values of x
 */
public record Hover(double top, double bottom, ImmutableList<Stop> stops) {
  /**
   * One value of x.
   *
   * @param x the value
   * @param at its pixel
   * @param values what there is at it
   */
  public record Stop(double x, double at, ImmutableList<Value> values) {}

  /**
   * A value of y.
   *
   * @param series whose it is
   * @param point the value
   * @param at its pixel
   */
  public record Value(Series series, Point point, double at) {}
}
