package dev.packetpath.core.packet;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableIntArray;
import dev.packetpath.core.net.IpFamily;
import java.util.Arrays;

/** Cuts a packet into fragments (RFC 791 section 3.2, RFC 8200 section 4.5). */
public final class Fragments {
  /** Every fragment but the last holds a multiple of so many bytes. */
  public static final int UNIT_BYTES = 8;

  private Fragments() {}

  /**
   * Returns a packet, or a fragment of IPv4, as fragments of at most {@code maxBytes} bytes from
   * the IP header on; the last may hold a number of bytes that is no multiple of {@link
   * #UNIT_BYTES}. An IPv6 packet that fits into one gets a fragment header nevertheless
   * (ip_frag_next in net/ipv4/ip_output.c, Linux 6.1).
   *
   * @throws IllegalArgumentException if the packet is a fragment of IPv6, or a piece could hold no
   *     8 bytes
   */
  public static ImmutableList<Packet> of(Packet packet, int maxBytes) {
    int header = packet.networkHeaderBytes() - packet.authentication().length;
    int extra = packet.family() == IpFamily.IPV6 ? NetworkPart.IPV6_FRAGMENT_HEADER_BYTES : 0;
    int room = maxBytes - header - extra;
    int step = room / UNIT_BYTES * UNIT_BYTES;
    checkArgument(step > 0, "%s bytes leave no room behind the header", maxBytes);
    ImmutableIntArray.Builder starts = ImmutableIntArray.builder();
    int start = 0;
    while (packet.length() - header - start > room) {
      start += step;
      starts.add(start);
    }
    return cut(packet, starts.build());
  }

  /**
   * Returns a packet that was put together from fragments as the same fragments.
   *
   * @throws IllegalArgumentException if the packet is a fragment of IPv6
   */
  public static ImmutableList<Packet> asTheyCame(Packet packet) {
    return cut(packet, packet.pieces().starts());
  }

  private static ImmutableList<Packet> cut(Packet packet, ImmutableIntArray starts) {
    checkArgument(
        !packet.isFragment() || packet.family() == IpFamily.IPV4, "a fragment: %s", packet);
    Packet whole = AuthenticationHeaders.folded(packet);
    byte[] bytes = WireFormat.encode(whole);
    int header = whole.networkHeaderBytes();
    ImmutableList.Builder<Packet> pieces = ImmutableList.builder();
    for (int i = 0; i <= starts.length(); i++) {
      int from = header + (i == 0 ? 0 : starts.get(i - 1));
      int to = i == starts.length() ? bytes.length : header + starts.get(i);
      Packet piece = whole.copy().pieces(Pieces.NONE);
      piece.fragmentOffset(packet.fragmentOffset() + (from - header) / UNIT_BYTES);
      piece.moreFragments(to < bytes.length || packet.moreFragments());
      piece.atomicFragment(packet.family() == IpFamily.IPV6 && starts.isEmpty());
      if (to - from < piece.transportHeaderBytes()) {
        piece.transportTruncated(true);
      }
      piece.payload(Arrays.copyOfRange(bytes, from + piece.transportHeaderBytes(), to));
      AuthenticationHeaders.unfold(piece);
      pieces.add(piece);
    }
    return pieces.build();
  }
}
