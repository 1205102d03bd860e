package dev.packetpath.conntrack;

import dev.packetpath.core.packet.Packet;

/** Text of a TCP connection that a helper rewrites (net/netfilter/nf_nat_helper.c, Linux 6.1). */
public final class MangledText {
  private MangledText() {}

  /**
   * Puts a text in place of a part of a segment's payload (nf_nat_mangle_tcp_packet). If it is of
   * another length, the sequence numbers of the connection's later packets are adjusted.
   *
   * @param packet a segment of the connection
   * @param direction the direction that it travels in
   * @param begin where the replaced part begins in the known payload
   * @param end where it ends
   * @param text what takes its place
   */
  public static void replace(Packet packet, Direction direction, int begin, int end, byte[] text) {
    byte[] before = packet.payload();
    byte[] after = new byte[begin + text.length + before.length - end];
    System.arraycopy(before, 0, after, 0, begin);
    System.arraycopy(text, 0, after, begin, text.length);
    System.arraycopy(before, end, after, begin + text.length, before.length - end);
    int unknown = packet.payloadLength() - before.length;
    packet.payload(after).payloadLength(after.length + unknown);
    if (after.length != before.length) {
      PacketConnection.connectionOf(packet)
          .moveSequence(direction, packet.tcpSequence(), after.length - before.length);
    }
  }
}
