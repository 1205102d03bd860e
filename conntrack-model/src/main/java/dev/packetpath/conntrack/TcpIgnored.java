package dev.packetpath.conntrack;

import dev.packetpath.core.packet.Packet;

/**
 * Remembers segments that pass without changing the connection, because the two ends may be in step
 * where this table is not (nf_conntrack_tcp_packet, Linux 6.1).
 */
final class TcpIgnored {
  private TcpIgnored() {}

  /** Notes an ignored segment, so that the answer to it can be told. */
  static void note(TcpTracking tcp, Direction direction, TcpSegment segment, Packet packet) {
    tcp.lastSegment = segment;
    tcp.lastDirection = direction;
    tcp.lastSequence = packet.tcpSequence();
    tcp.lastEnd = TcpSegment.end(packet);
    tcp.lastWindow = packet.tcpWindow();
    if (segment == TcpSegment.SYN && direction == Direction.ORIGINAL) {
      tcp.lastOffer.reset();
      tcp.lastOffer.readOptions(packet.tcpOptions());
      tcp.simultaneousOpen = false;
      tcp.challengeAckExpected = tcp.state == TcpState.LAST_ACK;
    }
    if (tcp.state == TcpState.SYN_SENT
        && segment == TcpSegment.ACK
        && direction == Direction.REPLY) {
      tcp.lastAck = packet.tcpAcknowledgment();
    }
  }

  /** Takes the ignored SYN as the start of the connection, now that it was answered. */
  static void resynchronize(TcpTracking tcp, Direction direction) {
    TcpPeer opener = tcp.peer(tcp.lastDirection);
    opener.end = tcp.lastEnd;
    opener.maxEnd = tcp.lastEnd;
    opener.maxWindow = Math.max(tcp.lastWindow, 1);
    opener.flags(tcp.lastOffer.flags());
    tcp.challengeAckExpected = false;
    tcp.peer(direction).reset();
  }
}
