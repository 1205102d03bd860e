package dev.packetpath.node.cost;

import dev.packetpath.core.Place;
import dev.packetpath.core.cost.Provenance;

/**
 * A figure of the laboratory that a profile describes.
 *
 * @param name its name, in lower camel case
 * @param value its value
 * @param unit its unit, such as {@code ms}; empty for a plain number
 * @param provenance how it was come by
 * @param source where it comes from, in words
 * @param place where it stands
 */
public record Parameter(
    String name, double value, String unit, Provenance provenance, String source, Place place) {
  /** Returns the same parameter with another value. */
  public Parameter withValue(double other) {
    return new Parameter(name, other, unit, provenance, source, place);
  }
}
