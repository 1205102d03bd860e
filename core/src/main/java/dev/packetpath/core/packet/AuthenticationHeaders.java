package dev.packetpath.core.packet;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The authentication headers of an IPv6 packet (RFC 4302), behind which its protocol stands
 * (ipv6_skip_exthdr in net/ipv6/exthdrs_core.c, Linux 6.18). One whose two first bytes are missing,
 * or are followed by an extension header of which they are, tells no protocol: the packet's stays
 * that of the header itself.
 */
final class AuthenticationHeaders {
  /** What the kernel reads of an extension header: which comes next, and the length. */
  private static final int READ_BYTES = 2;

  private static final int WORD_BYTES = 4;
  private static final int WORDS_NOT_COUNTED = 2;

  private AuthenticationHeaders() {}

  /** Reads what is in a buffer behind the other headers of IPv6, {@code declared} bytes. */
  static void read(Packet packet, ByteBuffer in, int declared) {
    int start = in.position();
    int there = in.remaining();
    int next = packet.protocol();
    int end = 0;
    while (next == IpProtocol.AH && there - end >= READ_BYTES) {
      next = in.get(start + end) & 0xff;
      end += ((in.get(start + end + 1) & 0xff) + WORDS_NOT_COUNTED) * WORD_BYTES;
    }
    int taken = Math.min(end, there);
    if (packet.isLaterFragment() || (isExtension(next) && there - end < READ_BYTES)) {
      taken = 0;
    } else {
      packet.protocol(next);
    }
    byte[] headers = new byte[taken];
    in.get(headers);
    packet.authentication(headers);
    PacketDecoder.decodeTransport(packet, in, declared - taken);
  }

  private static boolean isExtension(int protocol) {
    return switch (protocol) {
      case IpProtocol.HOP_BY_HOP,
          IpProtocol.ROUTING,
          IpProtocol.FRAGMENT,
          IpProtocol.AH,
          IpProtocol.DESTINATION_OPTIONS ->
          true;
      default -> false;
    };
  }

  /** Reads the headers at the start of a packet's payload, if its protocol is theirs. */
  static void unfold(Packet packet) {
    if (packet.family() == IpFamily.IPV6 && packet.protocol() == IpProtocol.AH) {
      byte[] bytes = WireFormat.encode(packet);
      int start = packet.networkHeaderBytes();
      read(packet, ByteBuffer.wrap(bytes).position(start), bytes.length - start);
    }
  }

  /** Returns the packet with its headers, and what is behind them, as payload. */
  static Packet folded(Packet packet) {
    byte[] headers = packet.authentication();
    if (headers.length == 0) {
      return packet;
    }
    byte[] bytes = WireFormat.encode(packet);
    int start = packet.networkHeaderBytes() - headers.length;
    Packet folded = packet.copy().authentication(new byte[0]).protocol(IpProtocol.AH);
    folded.transportTruncated(false);
    return folded.payload(Arrays.copyOfRange(bytes, start, bytes.length));
  }
}
