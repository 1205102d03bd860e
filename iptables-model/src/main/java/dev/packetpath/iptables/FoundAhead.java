package dev.packetpath.iptables;

import java.util.Arrays;

/**
 * What an index found for packets of a burst by their keys, before they are walked. The packets
 * come in this order, some perhaps not at all, and others perhaps between them. Belongs to one
 * thread.
 *
 * <p>Hot: all methods. They allocate for bursts longer than any before.
 */
final class FoundAhead {
  private ChainIndex of = ChainIndex.NONE;
  private long[] keys = {};
  private long[] found = {};
  private int count;
  private int next;

  /** Forgets all; what is added from now on is of an index, for so many packets at most. */
  void begin(ChainIndex index, int packets) {
    if (keys.length < packets) {
      keys = Arrays.copyOf(keys, packets);
      found = Arrays.copyOf(found, packets);
    }
    of = index;
    count = 0;
    next = 0;
  }

  void add(long key, long foundForIt) {
    keys[count] = key;
    found[count++] = foundForIt;
  }

  /** Returns for how many packets something was found. */
  int count() {
    return count;
  }

  /** Returns what was found for one of them. */
  long found(int packet) {
    return found[packet];
  }

  /**
   * Returns whether it is known what an index finds for a key, which is {@link #last} then: a
   * Service is found by 87 instead of 129 instructions. Packets in front of one with this key are
   * passed over, for most will not come any more.
   */
  @SuppressWarnings("ReferenceEquality") // an index is itself alone
  boolean knows(ChainIndex index, long key) {
    if (index != of) {
      return false;
    }
    int packet = next;
    while (packet < count && keys[packet] != key) {
      packet++;
    }
    if (packet == count) {
      return false;
    }
    next = packet + 1;
    return true;
  }

  /** Returns what was found for the key that {@link #knows} was asked for last. */
  long last() {
    return found[next - 1];
  }
}
