package dev.packetpath.conntrack;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/** Reads the tuple of a packet (nf_ct_get_tuple in net/netfilter/nf_conntrack_core.c). */
final class TupleReader {
  private static final int PPTP_VERSION = 1;

  /** Up to the number of the call. */
  private static final int PPTP_HEADER_BYTES = 8;

  private static final int ETHERTYPE_PPP = 0x880b;

  private static final int PORTS_BYTES = 4;

  private TupleReader() {}

  /**
   * Returns a packet's tuple, {@link Tuple#NONE} if it has none: of a header that is cut off behind
   * its ports too, whose packet is not tracked though, only an ICMP error that quotes it.
   */
  static Tuple readUntracked(Packet packet) {
    byte[] there = packet.payload();
    if (!packet.transportTruncated()
        || packet.isLaterFragment()
        || !Tuple.hasPorts(packet.protocol())
        || there.length < PORTS_BYTES) {
      return read(packet);
    }
    return Tuple.of(
        packet.protocol(),
        packet.source(),
        uint16(there, 0),
        packet.destination(),
        uint16(there, 2));
  }

  /** Returns a packet's tuple, {@link Tuple#NONE} if it has no readable transport header. */
  static Tuple read(Packet packet) {
    TupleKey key = new TupleKey();
    return read(packet, key) ? key.toTuple() : Tuple.NONE;
  }

  /** Takes over a packet's tuple; returns whether it has a readable transport header. */
  static boolean read(Packet packet, TupleKey key) {
    int protocol = packet.protocol();
    if (packet.isLaterFragment()
        || packet.lacksProtocol()
        || (packet.transportTruncated() && protocol != IpProtocol.DCCP)) {
      return false;
    }
    int first = 0;
    int second = 0;
    if (packet.isIcmp()) {
      first = packet.icmpId();
      second = packet.icmpType() << 8 | packet.icmpCode();
    } else if (protocol == IpProtocol.ICMP
        || protocol == IpProtocol.ICMPV6
        || (protocol == IpProtocol.NO_NEXT_HEADER && packet.family() == IpFamily.IPV6)) {
      return false;
    } else if (Tuple.hasPorts(protocol)) {
      first = packet.sourcePort();
      second = packet.destinationPort();
    } else if (protocol == IpProtocol.GRE) {
      byte[] gre = packet.payload();
      if (isTunnelOfCalls(gre)) {
        if (uint16(gre, 2) != ETHERTYPE_PPP) {
          return false;
        }
        second = uint16(gre, 6);
      }
    }
    key.set(
        packet.family(),
        protocol,
        packet.sourceHigh(),
        packet.sourceLow(),
        packet.destinationHigh(),
        packet.destinationLow(),
        first << 16 | second);
    return true;
  }

  /** Version 1 of GRE is PPTP's and says which call a packet is for (gre_pkt_to_tuple). */
  private static boolean isTunnelOfCalls(byte[] gre) {
    return gre.length >= PPTP_HEADER_BYTES && (gre[1] & 7) == PPTP_VERSION;
  }

  private static int uint16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }
}
