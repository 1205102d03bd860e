package dev.packetpath.cli.chart;

import com.google.common.collect.ImmutableList;

/**
 * Shapes on a ground.
 *
 * @param width in pixels
 * @param height in pixels
 * @param about what it shows, for those who do not see it
 * @param shapes what is painted, in this order
 */
public record Drawing(double width, double height, String about, ImmutableList<Shape> shapes) {}
