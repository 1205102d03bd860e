package dev.packetpath.core.packet;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;

/** Cuts a packet into fragments (RFC 791 section 3.2, RFC 8200 section 4.5). */
public final class Fragments {
  private static final int UNIT_BYTES = 8;
  private static final int V6_FRAGMENT_HEADER_BYTES = 8;

  private Fragments() {}

  /**
   * Returns a whole packet as fragments of at most {@code maxBytes} bytes from the IP header on.
   *
   * @throws IllegalArgumentException if the packet is a fragment, or a piece could hold no 8 bytes
   */
  public static ImmutableList<Packet> of(Packet packet, int maxBytes) {
    checkArgument(!packet.isFragment(), "a fragment: %s", packet);
    int header = packet.networkHeaderBytes();
    int extra = packet.family().bits() == 128 ? V6_FRAGMENT_HEADER_BYTES : 0;
    int room = (maxBytes - header - extra) / UNIT_BYTES * UNIT_BYTES;
    checkArgument(room > 0, "%s bytes leave no room behind the header", maxBytes);
    byte[] bytes = WireFormat.encode(packet);
    ImmutableList.Builder<Packet> pieces = ImmutableList.builder();
    for (int from = header; from < bytes.length; from += room) {
      int to = Math.min(bytes.length, from + room);
      Packet piece = packet.copy().largestFragment(0);
      piece.fragmentOffset((from - header) / UNIT_BYTES).moreFragments(to < bytes.length);
      int headerInPiece = Math.min(to - from, piece.transportHeaderBytes());
      piece.payload(Arrays.copyOfRange(bytes, from + headerInPiece, to));
      pieces.add(piece);
    }
    return pieces.build();
  }
}
