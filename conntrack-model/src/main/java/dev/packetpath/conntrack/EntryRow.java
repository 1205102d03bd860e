package dev.packetpath.conntrack;

import dev.packetpath.core.net.IpFamily;

/**
 * Where the fields of an entry stand among the ints of its row ({@code struct nf_conn} without its
 * extensions). What every packet reads comes last, so that it lies together in the cache.
 *
 * <p>A long takes two ints, the upper half first. What there is for each direction is found by the
 * direction's {@link Direction#bit}.
 */
final class EntryRow {
  /** Packets and bytes of the original direction, packets and bytes of the reply: four longs. */
  static final int COUNTERS = 0;

  static final int MARK = COUNTERS + 8;

  /** The neighbours among the entries of one source. */
  static final int SOURCE_NEXT = MARK + 1;

  static final int SOURCE_PREVIOUS = SOURCE_NEXT + 1;

  /** The place in the order of insertion, modulo 2^32. */
  static final int NUMBER = SOURCE_PREVIOUS + 1;

  /**
   * The hash of each direction's tuple, two longs, 0 for what is not known; before the entry is in
   * the table, which then puts its number, its neighbours and that no path is known here.
   */
  static final int HASHES = NUMBER;

  /** The neighbours in the timer wheel's list. */
  static final int TIMER_NEXT = NUMBER + 1;

  static final int TIMER_PREVIOUS = TIMER_NEXT + 1;

  /**
   * The numbers of the paths over the hooks that were recorded for both directions, the original's
   * in the lower half, 0 for none. References beside the rows were one more line to wait for: of
   * 10,000 flows in random order a packet took 90 to 96 ns, and takes 84 to 87.
   */
  static final int PATHS = TIMER_PREVIOUS + 1;

  /** What the protocol's tracker remembers. */
  static final int TRACKING = PATHS + 1;

  /** How many ints a tracker has. */
  static final int TRACKING_INTS = 13;

  /** When the entry ends: a long. */
  static final int TIMEOUT = TRACKING + TRACKING_INTS;

  /** The status in the lower 16 bits, the place in the timer wheel above. */
  static final int STATUS = TIMEOUT + 2;

  /** Zone, protocol and whether packets are counted, see {@link Connection}. */
  static final int KIND = STATUS + 1;

  /**
   * The tuples of both directions, the original first: the source port in the upper half and the
   * destination port in the lower one of an int, then the source address and the destination.
   */
  private static final int TUPLES = KIND + 1;

  private static final int TUPLE_INTS_V4 = 1 + 2;
  private static final int TUPLE_INTS_V6 = 1 + 2 * 4;

  private static final int INTS_V4 = TUPLES + 2 * TUPLE_INTS_V4;
  private static final int INTS_V6 = TUPLES + 2 * TUPLE_INTS_V6;

  private static final int PATH_BITS = 16;
  private static final int PATH_MASK = (1 << PATH_BITS) - 1;

  private EntryRow() {}

  /** Returns how many ints a row has. */
  static int ints(IpFamily family) {
    return family == IpFamily.IPV4 ? INTS_V4 : INTS_V6;
  }

  /** Returns where the tuple of a direction, given by its bit, begins: its ports. */
  static int tuple(IpFamily family, int direction) {
    return TUPLES + (family == IpFamily.IPV4 ? TUPLE_INTS_V4 : TUPLE_INTS_V6) * direction;
  }

  /** Returns where the addresses of a direction's tuple begin, source first. */
  static int addresses(IpFamily family, Direction direction) {
    return tuple(family, direction.bit()) + 1;
  }

  /**
   * Puts zeros into the 31 ints in front of {@link #KIND} (one of them twice), where a connection
   * begins; {@link Connection} puts the kind, and {@link TupleKey#putBoth} what follows it. Single
   * stores: so short a stretch of an array takes 105 instructions to be copied.
   */
  static void clear(int[] words, int base) {
    clear8(words, base);
    clear8(words, base + 8);
    clear8(words, base + 16);
    clear8(words, base + KIND - 8);
  }

  private static void clear8(int[] words, int at) {
    words[at] = 0;
    words[at + 1] = 0;
    words[at + 2] = 0;
    words[at + 3] = 0;
    words[at + 4] = 0;
    words[at + 5] = 0;
    words[at + 6] = 0;
    words[at + 7] = 0;
  }

  /**
   * Reads an int of each line of a row that every packet needs, and returns a mix of them: the
   * lines have 16 ints, and the fields from {@link #PATHS} on 24 or 36.
   */
  static int readAhead(int[] words, int base, IpFamily family) {
    int last = base + ints(family) - 1;
    return words[base + PATHS] ^ words[base + TIMEOUT] ^ words[last - 16] ^ words[last];
  }

  /** Returns the number of the path of a direction, given by its bit. */
  static int path(int[] words, int base, int direction) {
    return (words[base + PATHS] >>> (PATH_BITS * direction)) & PATH_MASK;
  }

  /** Remembers the number of the path of a direction, given by its bit. */
  static void path(int[] words, int base, int direction, int number) {
    int shift = PATH_BITS * direction;
    words[base + PATHS] = (words[base + PATHS] & ~(PATH_MASK << shift)) | (number << shift);
  }

  /** Counts packets and bytes in a direction. */
  static void count(int[] words, int base, Direction direction, long packets, long bytes) {
    int at = base + COUNTERS + 4 * direction.bit();
    putLong(words, at, getLong(words, at) + packets);
    putLong(words, at + 2, getLong(words, at + 2) + bytes);
  }

  /** Counts the packet, of so many bytes, that opens a connection whose row is blank. */
  static void countFirst(int[] words, int base, int bytes) {
    words[base + COUNTERS + 1] = 1;
    words[base + COUNTERS + 3] = bytes;
  }

  static long getLong(int[] words, int at) {
    return (long) words[at] << 32 | (words[at + 1] & 0xffff_ffffL);
  }

  static void putLong(int[] words, int at, long value) {
    words[at] = (int) (value >>> 32);
    words[at + 1] = (int) value;
  }
}
