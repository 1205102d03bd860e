package dev.packetpath.compare.traffic;

/**
 * How many connections are tracked. Ends of entries are counted in slots of 8.4 ms, as the kernel's
 * collector too ends entries some time after they are due; each operation takes constant time in
 * the long run.
 */
final class ConnectionTable {
  private static final int SLOT_SHIFT = 23;

  private final int limit;
  private final int[] ending;
  private int entries;
  private long slot;

  /**
   * Makes an empty table.
   *
   * @param limit how many entries it takes
   * @param longestNs how long an entry can last
   */
  ConnectionTable(int limit, long longestNs) {
    this.limit = limit;
    long slots = (longestNs >> SLOT_SHIFT) + 2;
    this.ending = new int[Math.max(2, Integer.highestOneBit((int) slots - 1) << 1)];
  }

  /** Makes room for a connection at a time, which must not go back; returns whether there was. */
  boolean admit(long nowNs) {
    int[] ending = this.ending;
    long now = nowNs >> SLOT_SHIFT;
    for (long until = Math.min(now, slot + ending.length); slot < until; slot++) {
      int at = (int) slot & (ending.length - 1);
      entries -= ending[at];
      ending[at] = 0;
    }
    slot = now;
    if (entries >= limit) {
      return false;
    }
    entries++;
    return true;
  }

  /** Says when a connection that was admitted ends; the longest time from now at most. */
  void endsAt(long endNs) {
    long end = Math.min(endNs >> SLOT_SHIFT, slot + ending.length - 1);
    ending[(int) end & (ending.length - 1)]++;
  }
}
