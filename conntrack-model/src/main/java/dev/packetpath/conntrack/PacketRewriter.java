package dev.packetpath.conntrack;

import dev.packetpath.core.Trace;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.nio.ByteBuffer;

/**
 * Writes the address and port of a tuple into a packet (nf_nat_manip_pkt in
 * net/netfilter/nf_nat_proto.c, Linux 6.1). Checksums are made right where the packet is encoded.
 */
final class PacketRewriter {
  private static final int TRANSLATED_HEADER_BYTES = 8;

  private final Work work;
  private final Trace trace;

  PacketRewriter(Work work, Trace trace) {
    this.work = work;
    this.trace = trace;
  }

  /**
   * Returns whether so many bytes behind an IP header are enough to translate a packet: of the
   * headers that have a part in it the kernel wants the first 8 bytes, checksum or not. Otherwise
   * it drops the packet, or the ICMP error that quotes it. Later fragments have no such header.
   */
  static boolean isTranslatable(Packet packet, int bytes) {
    return switch (packet.protocol()) {
      case IpProtocol.TCP,
          IpProtocol.UDP,
          IpProtocol.UDPLITE,
          IpProtocol.SCTP,
          IpProtocol.ICMP,
          IpProtocol.ICMPV6,
          IpProtocol.GRE ->
          bytes >= TRANSLATED_HEADER_BYTES || packet.isLaterFragment();
      default -> true;
    };
  }

  /**
   * Gives one end of a packet the address and port that its connection has for it; does not
   * allocate unless a trace is taken.
   *
   * @param direction the direction that the packet travels in
   */
  void rewrite(Packet packet, Connection connection, Direction direction, ManipType type) {
    Direction other = direction.opposite();
    boolean fromSource = type == ManipType.DESTINATION;
    rewrite(
        packet,
        connection.addressHigh(other, fromSource),
        connection.addressLow(other, fromSource),
        connection.port(other, fromSource || hasQueryId(packet)),
        type,
        false);
  }

  /** Rewrites the packet that an ICMP error quotes. */
  void rewriteQuoted(Packet packet, Connection connection, Direction direction, ManipType type) {
    Direction other = direction.opposite();
    boolean source = type == ManipType.SOURCE;
    rewrite(
        packet,
        connection.addressHigh(other, source),
        connection.addressLow(other, source),
        connection.port(other, source || hasQueryId(packet)),
        type,
        true);
  }

  private void rewrite(
      Packet packet, long high, long low, int port, ManipType type, boolean quoted) {
    work.add(ConntrackOperations.NAT_REWRITE);
    boolean source = type == ManipType.SOURCE;
    IpAddress addressBefore = IpAddress.ANY_V4;
    int portBefore = 0;
    if (trace.isOn()) {
      addressBefore = source ? packet.source() : packet.destination();
      portBefore = port(packet, source);
    }
    packet.pullTransportHeader();
    if (isCutOffBehindPorts(packet)) {
      rewriteCutOff(packet, port, source);
    } else if (Tuple.hasPorts(packet.protocol())) {
      if (source) {
        packet.sourcePort(port);
      } else {
        packet.destinationPort(port);
      }
    } else if (hasQueryId(packet)) {
      packet.icmpId(port);
    }
    if (source) {
      packet.source(high, low);
    } else {
      packet.destination(high, low);
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

  /**
   * Returns whether a packet that an ICMP error quotes has no room for its transport header, by its
   * own IP header, which nothing asks here, but for its ports.
   */
  private static boolean isCutOffBehindPorts(Packet packet) {
    return packet.transportTruncated()
        && Tuple.hasPorts(packet.protocol())
        && packet.payload().length >= 2 * Short.BYTES;
  }

  private static void rewriteCutOff(Packet packet, int port, boolean source) {
    int declared = packet.payloadLength();
    byte[] header = packet.payload().clone();
    ByteBuffer.wrap(header).putShort(portAt(source), (short) port);
    packet.payload(header).payloadLength(declared);
  }

  private static int portAt(boolean source) {
    return source ? 0 : Short.BYTES;
  }

  private static int port(Packet packet, boolean source) {
    if (isCutOffBehindPorts(packet)) {
      return ByteBuffer.wrap(packet.payload()).getShort(portAt(source)) & 0xffff;
    }
    if (hasQueryId(packet)) {
      return packet.icmpId();
    }
    return source ? packet.sourcePort() : packet.destinationPort();
  }

  private static boolean hasQueryId(Packet packet) {
    return packet.isIcmp() && IcmpQueries.hasId(packet.family(), packet.icmpType());
  }
}
