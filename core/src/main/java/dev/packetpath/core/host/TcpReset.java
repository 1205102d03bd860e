package dev.packetpath.core.host;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;

/**
 * Makes the RST that answers a TCP packet (net/ipv4/netfilter/nf_reject_ipv4.c,
 * nf_reject_ip_tcphdr_put, Linux 6.1; RFC 9293 section 3.10.7.1).
 */
public final class TcpReset {
  private TcpReset() {}

  /** Returns the RST that answers a TCP packet that is none itself. */
  public static Packet answer(Packet packet) {
    Packet reset =
        new Packet()
            .addresses(packet.destination(), packet.source())
            .protocol(packet.protocol())
            .ports(packet.destinationPort(), packet.sourcePort())
            .tcpWindow(0)
            .ttl(64)
            .dontFragment(true);
    int flags = packet.tcpFlags();
    if ((flags & TcpFlags.ACK) != 0) {
      return reset.tcpFlags(TcpFlags.RST).tcpSequence(packet.tcpAcknowledgment());
    }
    int acknowledged =
        packet.tcpSequence()
            + ((flags & TcpFlags.SYN) != 0 ? 1 : 0)
            + ((flags & TcpFlags.FIN) != 0 ? 1 : 0)
            + packet.payloadLength();
    return reset.tcpFlags(TcpFlags.RST | TcpFlags.ACK).tcpAcknowledgment(acknowledged);
  }
}
