package dev.packetpath.iptables.ipset;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import org.jspecify.annotations.Nullable;

/**
 * What identifies an element: addresses with prefix lengths, protocol, port, device. Mutable so
 * that one can be reused to probe; one that is in a set never changes.
 */
class ElementKey {
  long firstHigh;
  long firstLow;
  int firstLength;
  long secondHigh;
  long secondLow;
  int secondLength;
  int protocol;
  int port;

  /** Takes over the other's values. */
  final void copyFrom(ElementKey other) {
    firstHigh = other.firstHigh;
    firstLow = other.firstLow;
    firstLength = other.firstLength;
    secondHigh = other.secondHigh;
    secondLow = other.secondLow;
    secondLength = other.secondLength;
    protocol = other.protocol;
    port = other.port;
  }

  final void clear() {
    first(0, 0, 0);
    second(0, 0, 0);
    protocol = 0;
    port = 0;
  }

  final void first(long high, long low, int length) {
    firstHigh = high;
    firstLow = low;
    firstLength = length;
  }

  final void second(long high, long low, int length) {
    secondHigh = high;
    secondLow = low;
    secondLength = length;
  }

  final void maskFirst(IpFamily family, int length) {
    firstHigh &= IpPrefix.maskHigh(family, length);
    firstLow &= IpPrefix.maskLow(family, length);
    firstLength = length;
  }

  final void maskSecond(IpFamily family, int length) {
    secondHigh &= IpPrefix.maskHigh(family, length);
    secondLow &= IpPrefix.maskLow(family, length);
    secondLength = length;
  }

  @Override
  public final boolean equals(@Nullable Object object) {
    return object instanceof ElementKey other
        && firstLow == other.firstLow
        && firstHigh == other.firstHigh
        && secondLow == other.secondLow
        && secondHigh == other.secondHigh
        && port == other.port
        && protocol == other.protocol
        && firstLength == other.firstLength
        && secondLength == other.secondLength;
  }

  @Override
  public final int hashCode() {
    long hash = firstLow * 0x9e37_79b9_7f4a_7c15L + firstHigh;
    hash = (hash ^ hash >>> 32) * 0xbf58_476d_1ce4_e5b9L + secondLow;
    hash = (hash ^ hash >>> 32) * 0x94d0_49bb_1331_11ebL + secondHigh;
    long small = (long) port << 32 ^ protocol << 16 ^ firstLength << 8 ^ secondLength;
    hash = (hash ^ hash >>> 32) * 0x9e37_79b9_7f4a_7c15L + small;
    hash *= 0xbf58_476d_1ce4_e5b9L;
    return (int) (hash ^ hash >>> 32);
  }
}
