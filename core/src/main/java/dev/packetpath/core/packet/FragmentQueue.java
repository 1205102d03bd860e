package dev.packetpath.core.packet;

import static dev.packetpath.core.packet.Fragments.UNIT_BYTES;

import dev.packetpath.core.net.IpFamily;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The fragments of one packet (net/ipv4/inet_fragment.c, inet_frag_queue_insert, Linux 6.18).
 * Fragments that overlap break the packet (RFC 5722), but for those that repeat a part of what came
 * in order at its end.
 */
final class FragmentQueue {
  private static final byte FILLER = 'x';

  /** What becomes of a fragment. */
  enum Outcome {
    /** It is kept. */
    KEPT,
    /** It repeats a part that is kept; the packet goes on with one that does not, if ever. */
    REPEATS,
    /** It is refused, and the others wait on. */
    REFUSED,
    /** It is refused, and the others with it. */
    BROKEN
  }

  private final long sinceNs;
  private final TreeMap<Integer, Packet> byOffset = new TreeMap<>();

  /** Where runs of fragments begin and end that each came right behind the one before. */
  private final TreeMap<Integer, Integer> runs = new TreeMap<>();

  /** How many bytes there are, as far as known. */
  private int length;

  private boolean endIsKnown;

  FragmentQueue(long sinceNs) {
    this.sinceNs = sinceNs;
  }

  long sinceNs() {
    return sinceNs;
  }

  /** Takes a fragment; of one that others follow, IPv4 takes the whole units alone. */
  Outcome add(Packet packet) {
    Packet fragment = AuthenticationHeaders.folded(packet);
    boolean more = fragment.moreFragments();
    int bytes =
        more
            ? fragment.networkPayloadBytes() / UNIT_BYTES * UNIT_BYTES
            : fragment.networkPayloadBytes();
    int from = fragment.fragmentOffset() * UNIT_BYTES;
    int to = from + bytes;
    Outcome refused = fragment.family() == IpFamily.IPV4 ? Outcome.BROKEN : Outcome.REFUSED;
    if (more ? endIsKnown && to > length : to < length || (endIsKnown && to > length)) {
      return refused;
    }
    endIsKnown |= !more;
    length = Math.max(length, to);
    if (bytes == 0) {
      return refused;
    }
    Map.Entry<Integer, Integer> run = runs.lowerEntry(to);
    if (run != null && run.getValue() > from) {
      boolean repeats = run.getKey() <= from && to <= run.getValue();
      return repeats ? Outcome.REPEATS : Outcome.BROKEN;
    }
    Map.Entry<Integer, Integer> last = runs.lastEntry();
    runs.put(last != null && last.getValue() == from ? last.getKey() : from, to);
    byOffset.put(from, cut(fragment, bytes));
    return Outcome.KEPT;
  }

  private static Packet cut(Packet fragment, int bytes) {
    Packet part = fragment.copy();
    if (bytes < fragment.networkPayloadBytes()) {
      byte[] all = WireFormat.encode(fragment);
      if (bytes < part.transportHeaderBytes()) {
        part.transportTruncated(true);
      }
      int start = part.networkHeaderBytes();
      part.payload(Arrays.copyOfRange(all, start + part.transportHeaderBytes(), start + bytes));
    }
    return part;
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
    return endIsKnown && covered == length;
  }

  /**
   * Makes a packet the whole one, with the header of the first fragment. It may be cut again unless
   * one of the largest fragments might not.
   */
  void assembleInto(Packet packet) {
    Packet first = byOffset.firstEntry().getValue();
    int header = first.transportHeaderBytes();
    byte[] payload = new byte[length - header];
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
    AuthenticationHeaders.unfold(packet);
  }

  private int largest(Predicate<Packet> which) {
    return byOffset.values().stream().filter(which).mapToInt(Packet::length).max().orElse(0);
  }

  private static int end(Map.Entry<Integer, Packet> fragment) {
    return fragment.getKey() + fragment.getValue().networkPayloadBytes();
  }
}
