package dev.packetpath.core.host;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;

/**
 * Whether REJECT and nftables' reject answer a packet, judged by its checksum.
 *
 * <p>Source: net/ipv4/netfilter/nf_reject_ipv4.c and net/ipv6/netfilter/nf_reject_ipv6.c, Linux
 * 6.18.
 */
public final class RejectedChecksum {
  private static final int ONES = 0xffff;
  private static final int V6_ADDRESSES = 8;
  private static final int V6_HEADER = 40;

  private RejectedChecksum() {}

  /** Returns whether an ICMP error may be sent about a packet. */
  public static boolean holds(Packet packet) {
    if (packet.family() == IpFamily.IPV6 && hasNothingBehindHeaders(packet)) {
      return false;
    }
    return switch (packet.protocol()) {
      case IpProtocol.UDPLITE, IpProtocol.SCTP, IpProtocol.GRE, IpProtocol.AH, IpProtocol.ESP ->
          true;
      // Since Linux 6.16 the sum is looked at, but in IPv4 without its pseudo header.
      case IpProtocol.DCCP -> packet.family() == IpFamily.IPV6 && holdsOfTransport(packet);
      case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.ICMP, IpProtocol.ICMPV6 ->
          holdsOfTransport(packet);
      default -> holdsOfAll(packet);
    };
  }

  private static boolean hasNothingBehindHeaders(Packet packet) {
    return packet.lacksProtocol()
        || packet.protocol() == IpProtocol.NO_NEXT_HEADER
        || packet.networkPayloadBytes() == 0;
  }

  /**
   * Returns whether the checksum of a header that is known is right. The sum is over the whole
   * datagram and does not hold of a first fragment alone, or of what is cut off.
   */
  public static boolean holdsOfTransport(Packet packet) {
    return packet.checksumValid() && !packet.moreFragments() && !packet.transportTruncated();
  }

  /**
   * Of a protocol that it does not know, the kernel takes the whole payload for summed, in IPv4
   * with the IP header, whose own sum holds, in IPv6 with the pseudo header, and so mostly sends
   * nothing.
   */
  private static boolean holdsOfAll(Packet packet) {
    byte[] bytes = WireFormat.encode(packet);
    int from = packet.networkHeaderBytes();
    if (packet.family() == IpFamily.IPV4) {
      return sum(bytes, from, bytes.length, ONES) == ONES;
    }
    int pseudoHeader = sum(bytes, V6_ADDRESSES, V6_HEADER, bytes.length - from + packet.protocol());
    return from < bytes.length && sum(bytes, from, bytes.length, pseudoHeader) == ONES;
  }

  /** Returns the ones' complement sum of words of 16 bits, and of a start below 2^17. */
  private static int sum(byte[] bytes, int from, int to, int start) {
    int sum = start;
    for (int i = from; i < to; i += 2) {
      int low = i + 1 < to ? bytes[i + 1] & 0xff : 0;
      sum += (bytes[i] & 0xff) << 8 | low;
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (sum & 0xffff) + (sum >>> 16);
  }
}
