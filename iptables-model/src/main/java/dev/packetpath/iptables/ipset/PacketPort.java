package dev.packetpath.iptables.ipset;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/**
 * The protocol and port that sets read from a packet.
 *
 * <p>Source: net/netfilter/ipset/ip_set_getport.c, Linux 6.1.
 */
final class PacketPort {
  /** The packet has none that can be read. */
  static final int NONE = -1;

  private PacketPort() {}

  /**
   * Returns the port in the low 16 bits: the ICMP type and code for ICMP, 0 for protocols without
   * ports, {@link #NONE} for fragments and truncated packets without the header.
   */
  static int of(Packet packet, boolean source) {
    int protocol = packet.protocol();
    boolean known = isKnown(protocol);
    if (packet.family() == IpFamily.IPV4) {
      if (protocol == 0) {
        return NONE;
      }
      if (packet.isLaterFragment()) {
        return known && protocol != IpProtocol.ICMPV6 ? NONE : 0;
      }
    } else if (packet.isLaterFragment() || packet.lacksProtocol()) {
      return NONE;
    }
    if (!known) {
      return 0;
    }
    if (packet.transportTruncated()) {
      return NONE;
    }
    if (protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6) {
      return packet.icmpType() << 8 | packet.icmpCode();
    }
    return source ? packet.sourcePort() : packet.destinationPort();
  }

  /** Whether the kernel reads a header of this protocol. */
  static boolean isKnown(int protocol) {
    return hasPorts(protocol) || protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
  }

  /** ip_set_proto_with_ports: without DCCP. */
  static boolean hasPorts(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP, IpProtocol.UDPLITE -> true;
      default -> false;
    };
  }
}
