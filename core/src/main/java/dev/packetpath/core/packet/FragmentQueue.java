package dev.packetpath.core.packet;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The fragments of one packet (net/ipv4/inet_fragment.c, Linux 6.1). Fragments that overlap, other
 * than repeats of one, break the packet (RFC 5722).
 */
final class FragmentQueue {
  private static final byte FILLER = 'x';

  private final long sinceNs;
  private final TreeMap<Integer, Packet> byOffset = new TreeMap<>();
  private int total = -1;

  FragmentQueue(long sinceNs) {
    this.sinceNs = sinceNs;
  }

  long sinceNs() {
    return sinceNs;
  }

  /** Takes a fragment; returns false if the packet is broken. */
  boolean add(Packet fragment) {
    int from = fragment.fragmentOffset() * Fragments.UNIT_BYTES;
    int to = from + dataBytes(fragment);
    if (!fragment.moreFragments()) {
      if (total >= 0 && total != to) {
        return false;
      }
      total = to;
    } else if (dataBytes(fragment) % Fragments.UNIT_BYTES != 0) {
      return false;
    }
    Map.Entry<Integer, Packet> before = byOffset.floorEntry(from);
    if (before != null && end(before) > from) {
      return end(before) >= to;
    }
    Integer after = byOffset.ceilingKey(from);
    if (after != null && after < to) {
      return false;
    }
    byOffset.put(from, fragment.copy());
    return total < 0 || byOffset.lastEntry() == null || end(byOffset.lastEntry()) <= total;
  }

  /** Returns whether no byte is missing. */
  boolean isComplete() {
    int covered = 0;
    for (Map.Entry<Integer, Packet> fragment : byOffset.entrySet()) {
      if (fragment.getKey() != covered) {
        return false;
      }
      covered = end(fragment);
    }
    return covered == total;
  }

  /**
   * Makes a packet the whole one, with the header of the first fragment. It may be cut again unless
   * one of the largest fragments might not.
   */
  void assembleInto(Packet packet) {
    Packet first = byOffset.firstEntry().getValue();
    int header = first.transportHeaderBytes();
    byte[] payload = new byte[total - header];
    Arrays.fill(payload, FILLER);
    byOffset.forEach(
        (offset, fragment) -> {
          byte[] known = fragment.payload();
          int at = offset == 0 ? 0 : offset - header;
          System.arraycopy(known, 0, payload, at, Math.min(known.length, payload.length - at));
        });
    packet.copyFrom(first);
    int largest = largest(fragment -> true);
    int[] starts = byOffset.keySet().stream().skip(1).mapToInt(Integer::intValue).toArray();
    packet.fragmentOffset(0).moreFragments(false).atomicFragment(false).payload(payload);
    packet.dontFragment(largest(Packet::dontFragment) == largest);
    packet.pieces(Pieces.of(largest, starts));
    if (packet.transportTruncated()) {
      packet.transportFrom(WireFormat.decode(WireFormat.encode(packet)));
    }
  }

  private int largest(Predicate<Packet> which) {
    return byOffset.values().stream().filter(which).mapToInt(Packet::length).max().orElse(0);
  }

  private static int end(Map.Entry<Integer, Packet> fragment) {
    return fragment.getKey() + dataBytes(fragment.getValue());
  }

  private static int dataBytes(Packet fragment) {
    return fragment.transportHeaderBytes() + fragment.payloadLength();
  }
}
