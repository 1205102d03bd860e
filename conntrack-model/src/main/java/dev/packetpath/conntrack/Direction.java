package dev.packetpath.conntrack;

/** One of the two directions of a connection. */
public enum Direction {
  /** As the first packet travelled. */
  ORIGINAL,
  /** As the answers travel. */
  REPLY;

  /** Returns the ordinal, 0 or 1: of a constant without a read of memory, see {@link EntryRow}. */
  int bit() {
    return this == ORIGINAL ? 0 : 1;
  }

  /** Returns the direction of an ordinal, 0 or 1. */
  static Direction of(int ordinal) {
    return ordinal == 0 ? ORIGINAL : REPLY;
  }

  /** Returns the other direction. */
  public Direction opposite() {
    return this == ORIGINAL ? REPLY : ORIGINAL;
  }
}
