package dev.packetpath.iptables;

import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.List;

/**
 * The values that rules ask an address to have, by mask. With them a packet finds out in one probe
 * a mask which groups of a {@link TupleIndex} can have a rule for it: tuple pruning (Srinivasan,
 * Suri, Varghese, 1999). Immutable.
 */
final class MaskedValues {
  /** The most masks that are told apart; groups of others are never pruned. */
  static final int MAX_MASKS = 63;

  private static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;

  private final long[] masksHigh;
  private final long[] masksLow;
  private final TupleTable values;

  /** For each group the number of its mask. */
  private final byte[] maskOf;

  /** A mask, and a value under it. */
  record Masked(long maskHigh, long maskLow, long high, long low) {
    static Masked of(long maskHigh, long maskLow, long high, long low) {
      return new Masked(maskHigh, maskLow, high & maskHigh, low & maskLow);
    }
  }

  /**
   * Creates it.
   *
   * @param groups the mask of each group; values are not looked at
   * @param asked all values that rules ask for
   */
  MaskedValues(List<Masked> groups, List<Masked> asked) {
    Object2IntOpenHashMap<Masked> numbers = new Object2IntOpenHashMap<>();
    numbers.defaultReturnValue(MAX_MASKS);
    this.maskOf = new byte[groups.size()];
    for (int i = 0; i < maskOf.length; i++) {
      Masked mask = maskAlone(groups.get(i));
      if (!numbers.containsKey(mask) && numbers.size() < MAX_MASKS) {
        numbers.put(mask, numbers.size());
      }
      maskOf[i] = (byte) numbers.getInt(mask);
    }
    this.masksHigh = new long[numbers.size()];
    this.masksLow = new long[numbers.size()];
    numbers.forEach(
        (mask, number) -> {
          masksHigh[number] = mask.maskHigh;
          masksLow[number] = mask.maskLow;
        });
    LongOpenHashSet keys = new LongOpenHashSet();
    for (Masked value : asked) {
      int number = numbers.getInt(maskAlone(value));
      if (number != MAX_MASKS) {
        keys.add(key(number, value.high, value.low));
      }
    }
    this.values = new TupleTable(keys.size());
    keys.forEach(key -> values.put(key, 0));
  }

  private static Masked maskAlone(Masked value) {
    return new Masked(value.maskHigh, value.maskLow, 0, 0);
  }

  /** Returns one bit a mask: whether a rule may ask for what an address is under it. */
  long alive(long high, long low) {
    long alive = 1L << MAX_MASKS;
    for (int i = 0; i < masksLow.length; i++) {
      if (values.has(key(i, high & masksHigh[i], low & masksLow[i]))) {
        alive |= 1L << i;
      }
    }
    return alive;
  }

  /** Returns whether a group is alive. */
  boolean isAlive(int group, long alive) {
    return (alive >>> maskOf[group] & 1) != 0;
  }

  private static long key(int mask, long high, long low) {
    long key = (mask + 1) * FACTOR;
    key = (key ^ key >>> 32 ^ low) * FACTOR;
    key = (key ^ key >>> 32 ^ high) * FACTOR;
    return key ^ key >>> 32;
  }
}
