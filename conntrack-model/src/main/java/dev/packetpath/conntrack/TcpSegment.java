package dev.packetpath.conntrack;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;

/** The kind of a TCP segment by its flags ({@code enum tcp_bit_set}, Linux 6.1). */
enum TcpSegment {
  SYN,
  SYN_ACK,
  FIN,
  ACK,
  RST,
  NONE;

  private static final int LOOKED_AT =
      TcpFlags.FIN | TcpFlags.SYN | TcpFlags.RST | TcpFlags.ACK | TcpFlags.URG;

  /** Returns the kind of a packet's segment. */
  static TcpSegment of(Packet packet) {
    int flags = packet.tcpFlags();
    if ((flags & TcpFlags.RST) != 0) {
      return RST;
    }
    boolean ack = (flags & TcpFlags.ACK) != 0;
    if ((flags & TcpFlags.SYN) != 0) {
      return ack ? SYN_ACK : SYN;
    }
    if ((flags & TcpFlags.FIN) != 0) {
      return FIN;
    }
    return ack ? ACK : NONE;
  }

  /** Returns whether a sane sender sets these flags together; PSH, ECE and CWR do not count. */
  static boolean isValid(int flags) {
    return switch (flags & LOOKED_AT) {
      case TcpFlags.SYN,
          TcpFlags.SYN | TcpFlags.URG,
          TcpFlags.SYN | TcpFlags.ACK,
          TcpFlags.RST,
          TcpFlags.RST | TcpFlags.ACK,
          TcpFlags.FIN | TcpFlags.ACK,
          TcpFlags.FIN | TcpFlags.ACK | TcpFlags.URG,
          TcpFlags.ACK,
          TcpFlags.ACK | TcpFlags.URG ->
          true;
      default -> false;
    };
  }

  /** Returns the sequence number behind a packet's segment. */
  static int end(Packet packet) {
    int flags = packet.tcpFlags();
    return packet.tcpSequence()
        + packet.payloadLength()
        + ((flags & TcpFlags.SYN) != 0 ? 1 : 0)
        + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
  }
}
