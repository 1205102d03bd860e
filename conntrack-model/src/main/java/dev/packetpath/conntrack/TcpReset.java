package dev.packetpath.conntrack;

import dev.packetpath.core.packet.Packet;

/**
 * Judges a RST that would close a connection (nf_conntrack_tcp_packet, Linux 6.1; RFC 5961 section
 * 3).
 */
final class TcpReset {
  private final Connection connection;
  private final TcpTracking tcp;
  private final Direction direction;
  private final TcpPeer receiver;
  private final Packet packet;

  TcpReset(Connection connection, TcpTracking tcp, Direction direction, Packet packet) {
    this.connection = connection;
    this.tcp = tcp;
    this.direction = direction;
    this.receiver = tcp.peer(direction.opposite());
    this.packet = packet;
  }

  /** Returns whether the RST lies before what its receiver has acknowledged. */
  boolean isOutOfSequence(boolean ignoreSequence) {
    return isComparable()
        && !ignoreSequence
        && TcpWindow.before(packet.tcpSequence(), receiver.maxAck);
  }

  /** Returns whether the receiver may answer with a challenge ACK, so that the state stays. */
  boolean mayBeAnsweredByChallenge() {
    return isComparable()
        && isEstablished()
        && packet.tcpSequence() != receiver.maxAck
        && !followsData();
  }

  /** Returns whether the RST counts wherever it lies. */
  boolean skipsWindow() {
    if (tcp.state.isClosing()) {
      return true;
    }
    boolean plainClose = isComparableOrAnswersSyn() && !mayBeAnsweredByChallenge();
    if (plainClose) {
      return false;
    }
    return answersIgnored() || answersChallenge();
  }

  /** What the receiver acknowledged is known and not older than a SYN that was let through. */
  private boolean isComparableOrAnswersSyn() {
    return !tcp.state.isClosing()
        && receiver.has(TcpPeer.MAX_ACK_SET)
        && tcp.lastSegment != TcpSegment.SYN;
  }

  private boolean isComparable() {
    return isComparableOrAnswersSyn() && (packet.tcpSequence() != 0 || isEstablished());
  }

  private boolean isEstablished() {
    return tcp.state == TcpState.ESTABLISHED && connection.hasAny(ConnectionStatus.ASSURED);
  }

  /** The RST comes right behind data of the same sender. */
  private boolean followsData() {
    return tcp.lastSegment == TcpSegment.ACK
        && tcp.lastDirection == direction
        && packet.tcpSequence() == tcp.lastEnd;
  }

  /** The RST answers a SYN, or refers to an ACK, that was let through. */
  private boolean answersIgnored() {
    boolean synOfPeer =
        connection.hasAny(ConnectionStatus.SEEN_REPLY)
            && tcp.lastSegment == TcpSegment.SYN
            && tcp.lastDirection != direction;
    boolean ack = !connection.hasAny(ConnectionStatus.ASSURED) && tcp.lastSegment == TcpSegment.ACK;
    return (synOfPeer || ack) && packet.tcpAcknowledgment() == tcp.lastEnd;
  }

  /** The RST answers a challenge ACK that was let through. */
  private boolean answersChallenge() {
    return tcp.state == TcpState.SYN_SENT
        && tcp.lastSegment == TcpSegment.ACK
        && tcp.lastDirection == Direction.REPLY
        && packet.tcpSequence() == tcp.lastAck;
  }
}
