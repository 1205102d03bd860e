package dev.packetpath.conntrack;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;

/**
 * Picks an address of a range by a hash of the packet's addresses, so that one client keeps one
 * address (find_best_ips_proto in net/netfilter/nf_nat_core.c, Linux 6.1).
 */
final class AddressChoice {
  private static final int HASHED_WORDS = 4;

  private AddressChoice() {}

  /** Returns a tuple with the address that a range gives it. */
  static Tuple choose(Tuple tuple, NatRange range, ManipType type, int zone) {
    if (!range.mapsAddress()) {
      return tuple;
    }
    IpAddress min = range.minAddress();
    IpAddress max = range.maxAddress();
    if (min.equals(max)) {
      return with(tuple, type, min.high(), min.low());
    }
    int words = tuple.family() == IpFamily.IPV4 ? 1 : HASHED_WORDS;
    int[] source = networkWords(tuple.sourceHigh(), tuple.sourceLow(), words);
    int[] destination = networkWords(tuple.destinationHigh(), tuple.destinationLow(), words);
    int initial = range.persistent() ? 0 : (littleEndian(destination[words - 1]) ^ zone);
    int hash = JenkinsHash.hash(littleEndian(source), initial);
    int[] first = networkWords(min.high(), min.low(), words);
    int[] last = networkWords(max.high(), max.low(), words);
    int[] chosen = type == ManipType.SOURCE ? source : destination;
    boolean anyRest = false;
    for (int i = 0; i < words; i++) {
      int from = anyRest ? 0 : first[i];
      int count = anyRest ? -1 : last[i] - first[i] + 1;
      chosen[i] = from + scale(hash, count);
      anyRest |= chosen[i] != last[i];
      if (!range.persistent()) {
        hash ^= littleEndian(destination[i]);
      }
    }
    long low = chosen[words - 1] & 0xffff_ffffL;
    return words == 1
        ? with(tuple, type, 0, low)
        : with(
            tuple,
            type,
            (long) chosen[0] << 32 | (chosen[1] & 0xffff_ffffL),
            (long) chosen[2] << 32 | low);
  }

  /** Maps 32 bits to 0 up to a count, both unsigned (reciprocal_scale). */
  private static int scale(int bits, int count) {
    long product = (bits & 0xffff_ffffL) * (count & 0xffff_ffffL);
    return (int) (product >>> 32);
  }

  private static Tuple with(Tuple tuple, ManipType type, long high, long low) {
    return type == ManipType.SOURCE
        ? tuple.withSource(high, low)
        : tuple.withDestination(high, low);
  }

  private static int[] networkWords(long high, long low, int words) {
    return words == 1
        ? new int[] {(int) low}
        : new int[] {(int) (high >>> 32), (int) high, (int) (low >>> 32), (int) low};
  }

  /** Returns the words of an address as a little-endian processor loads them, four of them. */
  private static int[] littleEndian(int[] network) {
    int[] loaded = new int[HASHED_WORDS];
    for (int i = 0; i < network.length; i++) {
      loaded[i] = littleEndian(network[i]);
    }
    return loaded;
  }

  private static int littleEndian(int network) {
    return Integer.reverseBytes(network);
  }
}
