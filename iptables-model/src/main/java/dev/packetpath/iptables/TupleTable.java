package dev.packetpath.iptables;

/**
 * Numbers by keys of 64 well-mixed bits, with 32 bits of detail each; linear probing, half full at
 * most. Immutable once made.
 */
final class TupleTable {
  /** No number. */
  static final int ABSENT = Integer.MIN_VALUE;

  private static final long PORT_FACTOR = 0xbf58_476d_1ce4_e5b9L;

  /** What is found where a key is not. */
  private static final long FREE = Integer.toUnsignedLong(ABSENT);

  /** For each slot the key; then the detail in the upper half, the number in the lower. */
  private final long[] slots;

  private final int mask;

  /** Creates a table with room for so many keys. */
  TupleTable(int keys) {
    int size = Integer.highestOneBit(Math.max(keys * 3 / 2, 1)) * 2;
    this.slots = new long[2 * size];
    for (int i = 0; i < size; i++) {
      slots[2 * i + 1] = FREE;
    }
    this.mask = size - 1;
  }

  /** Returns the key of a port among the rules of a bucket. */
  static long portKey(long bucketKey, int port) {
    long product = (bucketKey ^ port + 1) * PORT_FACTOR;
    return product ^ product >>> 32;
  }

  /** Adds a key that is not there yet, without a detail. */
  void put(long key, int number) {
    put(key, number, 0);
  }

  /** Adds a key that is not there yet. */
  void put(long key, int number, int detail) {
    int slot = (int) key & mask;
    while (slots[2 * slot + 1] != FREE) {
      slot = slot + 1 & mask;
    }
    slots[2 * slot] = key;
    slots[2 * slot + 1] = (long) detail << Integer.SIZE | Integer.toUnsignedLong(number);
  }

  /** Returns what belongs to a key, for {@link #number} and {@link #detail}. */
  long find(long key) {
    long[] slots = this.slots;
    int slot = (int) key & mask;
    while (true) {
      long found = slots[2 * slot + 1];
      if (found == FREE || slots[2 * slot] == key) {
        return found;
      }
      slot = slot + 1 & mask;
    }
  }

  /** Returns whether a key is there. */
  boolean has(long key) {
    return find(key) != FREE;
  }

  /** Returns the number that was found, or {@link #ABSENT}. */
  static int number(long found) {
    return (int) found;
  }

  /** Returns the detail that was found. */
  static int detail(long found) {
    return (int) (found >>> Integer.SIZE);
  }
}
