package dev.packetpath.iptables;

/**
 * Numbers by keys of 64 well-mixed bits; linear probing, half full at most. Immutable once made.
 */
final class TupleTable {
  /** No number. */
  static final int ABSENT = Integer.MIN_VALUE;

  private static final long PORT_FACTOR = 0xbf58_476d_1ce4_e5b9L;

  /** For each slot the key and the number; {@link #ABSENT} in a free slot. */
  private final long[] slots;

  private final int mask;

  /** Creates a table with room for so many keys. */
  TupleTable(int keys) {
    int size = Integer.highestOneBit(Math.max(keys * 3 / 2, 1)) * 2;
    this.slots = new long[2 * size];
    for (int i = 0; i < size; i++) {
      slots[2 * i + 1] = ABSENT;
    }
    this.mask = size - 1;
  }

  /** Returns the key of a port among the rules of a bucket. */
  static long portKey(long bucketKey, int port) {
    long product = (bucketKey ^ port + 1) * PORT_FACTOR;
    return product ^ product >>> 32;
  }

  /** Adds a key that is not there yet. */
  void put(long key, int number) {
    int slot = (int) key & mask;
    while (slots[2 * slot + 1] != ABSENT) {
      slot = slot + 1 & mask;
    }
    slots[2 * slot] = key;
    slots[2 * slot + 1] = number;
  }

  /** Returns the number of a key, or {@link #ABSENT}. */
  int get(long key) {
    long[] slots = this.slots;
    int slot = (int) key & mask;
    while (true) {
      int number = (int) slots[2 * slot + 1];
      if (number == ABSENT || slots[2 * slot] == key) {
        return number;
      }
      slot = slot + 1 & mask;
    }
  }
}
