package dev.packetpath.iptables.match;

import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.iptables.MatchResult;
import java.util.HashSet;
import java.util.Set;

/**
 * What {@code --chunk-types} asks of the chunks of an SCTP packet.
 *
 * @param mode how the chunks of the packet and the listed types must agree
 * @param all whether every type is listed
 * @param types the listed types with what is asked of their flags; empty if {@code all}
 * @param inverted whether the sense is reversed
 */
public record SctpChunkTest(
    Mode mode, boolean all, ImmutableSortedMap<Integer, Flags> types, boolean inverted) {
  private static final int CHUNK_HEADER_BYTES = 4;
  private static final Flags NOT_LISTED = new Flags(0, -1);

  /** How the chunks of the packet and the listed types must agree. */
  public enum Mode {
    /** A chunk is of a listed type. */
    ANY,
    /** Each listed type is there. */
    ALL,
    /** Every chunk is of a listed type. */
    ONLY
  }

  /**
   * What is asked of the flags of a chunk.
   *
   * @param mask the bits that count
   * @param value their values
   */
  public record Flags(int mask, int value) {
    /** Asks for nothing. */
    public static final Flags ANY = new Flags(0, 0);

    boolean matches(int flags) {
      return (flags & mask) == value;
    }
  }

  /** Tests the chunks from {@code offset} behind the IP header on; DROP where they are cut off. */
  MatchResult test(RawHeader packet, int offset) {
    Set<Integer> missing = new HashSet<>(types.keySet());
    int at = offset;
    do {
      if (packet.transportBytes() < at + CHUNK_HEADER_BYTES || packet.shortAt(at + 2) == 0) {
        return MatchResult.DROP;
      }
      int type = packet.byteAt(at);
      boolean listed = lists(type, packet.byteAt(at + 1));
      if (mode == Mode.ANY && listed) {
        return MatchResult.of(!inverted);
      }
      if (mode == Mode.ONLY && !listed) {
        return MatchResult.of(inverted);
      }
      if (listed) {
        missing.remove(type);
      }
      at += (packet.shortAt(at + 2) + 3) / 4 * 4;
    } while (at < packet.transportBytes());
    boolean holds =
        switch (mode) {
          case ANY -> false;
          case ALL -> missing.isEmpty() && !all;
          case ONLY -> true;
        };
    return MatchResult.of(holds != inverted);
  }

  private boolean lists(int type, int flags) {
    return all || types.getOrDefault(type, NOT_LISTED).matches(flags);
  }
}
