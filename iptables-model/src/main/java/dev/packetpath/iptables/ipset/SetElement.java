package dev.packetpath.iptables.ipset;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;

/**
 * An element as it is written, such as {@code 10.0.0.1,tcp:80}. Ranges stand for several.
 *
 * @param parts one for each dimension
 */
public record SetElement(ImmutableList<ElementPart> parts) {
  /** Returns the element of these parts. */
  public static SetElement of(ElementPart... parts) {
    return new SetElement(ImmutableList.copyOf(parts));
  }

  /** Returns the parts with commas, as {@code ipset save} prints them. */
  @Override
  public String toString() {
    return Joiner.on(',').join(parts);
  }
}
