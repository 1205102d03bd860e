package dev.packetpath.core.packet;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import java.util.Locale;

/** Puts a packet into the words of the command line. */
final class PacketText {
  private static final String[] FLAG_NAMES = {
    "fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr"
  };

  private PacketText() {}

  static String describe(Packet packet) {
    StringBuilder text = new StringBuilder(protocolName(packet)).append(' ');
    boolean ports = IpProtocol.hasPorts(packet.protocol()) && !packet.isLaterFragment();
    endpoint(text, packet.source(), ports, packet.sourcePort()).append(" > ");
    endpoint(text, packet.destination(), ports, packet.destinationPort());
    if (packet.isLaterFragment()) {
      return text.append(" fragment offset=")
          .append(packet.fragmentOffset() * Fragments.UNIT_BYTES)
          .toString();
    }
    if (packet.protocol() == IpProtocol.TCP) {
      for (int i = 0; i < FLAG_NAMES.length; i++) {
        if ((packet.tcpFlags() >> i & 1) != 0) {
          text.append(' ').append(FLAG_NAMES[i]);
        }
      }
    } else if (packet.isIcmp()) {
      text.append(" type=").append(packet.icmpType()).append(" code=").append(packet.icmpCode());
      if (packet.hasInner()) {
        text.append(" (about ").append(packet.inner()).append(')');
      } else {
        text.append(" id=").append(packet.icmpId());
      }
    }
    return text.toString();
  }

  private static String protocolName(Packet packet) {
    return switch (packet.protocol()) {
      case IpProtocol.TCP -> "tcp";
      case IpProtocol.UDP -> "udp";
      case IpProtocol.ICMP -> "icmp";
      case IpProtocol.ICMPV6 -> "icmpv6";
      case IpProtocol.SCTP -> "sctp";
      default -> "protocol " + String.format(Locale.ROOT, "%d", packet.protocol());
    };
  }

  private static StringBuilder endpoint(
      StringBuilder text, IpAddress address, boolean ports, int port) {
    if (!ports) {
      return text.append(address);
    }
    return address.family() == IpFamily.IPV4
        ? text.append(address).append(':').append(port)
        : text.append('[').append(address).append("]:").append(port);
  }
}
