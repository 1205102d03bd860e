package dev.packetpath.conntrack;

import dev.packetpath.core.Trace;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/**
 * Writes the address and port of a tuple into a packet (nf_nat_manip_pkt in
 * net/netfilter/nf_nat_proto.c, Linux 6.1). Checksums are made right where the packet is encoded.
 */
final class PacketRewriter {
  private final Work work;
  private final Trace trace;

  PacketRewriter(Work work, Trace trace) {
    this.work = work;
    this.trace = trace;
  }

  /** Rewrites a packet. */
  void rewrite(Packet packet, Tuple target, ManipType type) {
    rewrite(packet, target, type, false);
  }

  /** Rewrites the packet that an ICMP error quotes. */
  void rewriteQuoted(Packet packet, Tuple target, ManipType type) {
    rewrite(packet, target, type, true);
  }

  private void rewrite(Packet packet, Tuple target, ManipType type, boolean quoted) {
    work.add(ConntrackOperations.NAT_REWRITE);
    boolean source = type == ManipType.SOURCE;
    IpAddress addressBefore = source ? packet.source() : packet.destination();
    int portBefore = port(packet, source);
    if (IpProtocol.hasPorts(packet.protocol())) {
      if (source) {
        packet.sourcePort(target.sourcePort());
      } else {
        packet.destinationPort(target.destinationPort());
      }
    } else if (hasQueryId(packet)) {
      packet.icmpId(target.sourcePort());
    }
    if (source) {
      packet.source(target.sourceHigh(), target.sourceLow());
    } else {
      packet.destination(target.destinationHigh(), target.destinationLow());
    }
    if (trace.isOn()) {
      IpAddress addressAfter = source ? packet.source() : packet.destination();
      int portAfter = port(packet, source);
      trace.add(
          quoted
              ? new ConntrackEvent.NatRewroteQuoted(
                  type, addressBefore, portBefore, addressAfter, portAfter)
              : new ConntrackEvent.NatRewrote(
                  type, addressBefore, portBefore, addressAfter, portAfter));
    }
  }

  private static int port(Packet packet, boolean source) {
    if (hasQueryId(packet)) {
      return packet.icmpId();
    }
    return source ? packet.sourcePort() : packet.destinationPort();
  }

  private static boolean hasQueryId(Packet packet) {
    return packet.isIcmp() && IcmpQueries.hasId(packet.family(), packet.icmpType());
  }
}
