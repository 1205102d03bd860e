package dev.packetpath.cli.chart;

import com.google.common.collect.ImmutableList;

/**
 * A line chart.
 *
 * @param title what it shows
 * @param subtitle under which conditions
 * @param xLabel what x is, with its unit
 * @param yLabel what y is, with its unit
 * @param scale how y is laid out
 * @param series the lines, and what others published
 * @param legend what the strokes and marks mean that no label at a line's end tells
 */
public record Chart(
    String title,
    String subtitle,
    String xLabel,
    String yLabel,
    Scale scale,
    ImmutableList<Series> series,
    ImmutableList<Key> legend) {
  /** How an axis is laid out. */
  public enum Scale {
    /** In proportion, from 0. */
    LINEAR,
    /** By powers of ten. */
    LOGARITHMIC
  }

  /**
   * An entry of the legend.
   *
   * @param look the sample
   * @param text what it means
   */
  public record Key(Series.Look look, String text) {}
}
