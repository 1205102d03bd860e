package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/**
 * The four bytes where a packet's ports would be: for ESP and AH its SPI, for a later IPv4 fragment
 * what happens to be there (proto_ports_offset, include/linux/in.h, Linux 6.1).
 */
final class FirstPorts {
  /** The packet ends before its ports. */
  static final long UNREADABLE = -1;

  private static final int FILLER = 'x';

  private FirstPorts() {}

  /** Returns source port times 65536 plus destination port, 0 for protocols without ports. */
  static long of(Packet packet) {
    int protocol = packet.protocol();
    if (packet.family() == IpFamily.IPV6
        && (packet.lacksProtocol() || protocol == IpProtocol.NO_NEXT_HEADER)) {
      return UNREADABLE;
    }
    boolean ports = IpProtocol.hasPorts(protocol);
    if (!ports && protocol != IpProtocol.ESP && protocol != IpProtocol.AH) {
      return 0;
    }
    if (packet.isLaterFragment() && packet.family() == IpFamily.IPV6) {
      return 0;
    }
    if (ports && !packet.isLaterFragment() && !packet.transportTruncated()) {
      return (long) packet.sourcePort() << 16 | packet.destinationPort();
    }
    return payload(packet, protocol == IpProtocol.AH ? 4 : 0);
  }

  private static long payload(Packet packet, int from) {
    if (packet.payloadLength() < from + 4) {
      return UNREADABLE;
    }
    byte[] known = packet.payload();
    long bits = 0;
    for (int i = from; i < from + 4; i++) {
      bits = bits << 8 | (i < known.length ? known[i] & 0xff : FILLER);
    }
    return bits;
  }
}
