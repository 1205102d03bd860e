package dev.packetpath.conntrack;

/** One of the two directions of a connection. */
public enum Direction {
  /** As the first packet travelled. */
  ORIGINAL,
  /** As the answers travel. */
  REPLY;

  /** Returns the other direction. */
  public Direction opposite() {
    return this == ORIGINAL ? REPLY : ORIGINAL;
  }
}
