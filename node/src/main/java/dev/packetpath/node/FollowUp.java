package dev.packetpath.node;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpTypes;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.Optional;

/** Makes the packets that usually follow another one on the same connection. */
public final class FollowUp {
  private FollowUp() {}

  /**
   * Returns the usual answer to a packet, or nothing if it has none: a TCP SYN is answered by SYN
   * and ACK, other TCP by ACK, an SCTP INIT by INIT ACK, an echo request by an echo reply, and the
   * rest by swapped ports.
   *
   * @param packet the packet as its receiver saw it
   */
  public static Optional<Packet> reply(Packet packet, PacketChanges changes) {
    Packet reply =
        new Packet()
            .addresses(packet.destination(), packet.source())
            .protocol(packet.protocol())
            .ports(packet.destinationPort(), packet.sourcePort())
            .dontFragment(true);
    if (packet.isIcmp()) {
      if (packet.icmpType() != echoRequest(packet.family())) {
        return Optional.empty();
      }
      reply.icmpType(
          packet.family() == IpFamily.IPV4 ? IcmpTypes.ECHO_REPLY : IcmpTypes.V6_ECHO_REPLY);
      reply.icmpId(packet.icmpId()).icmpSequence(packet.icmpSequence());
    }
    if (packet.protocol() == IpProtocol.SCTP) {
      SctpHandshake.answer(packet, reply);
    }
    boolean first = (packet.tcpFlags() & TcpFlags.SYN) != 0;
    changes.applyTo(reply, TcpFlags.ACK | (first ? TcpFlags.SYN : 0));
    return Optional.of(reply);
  }

  /**
   * Returns a later packet of the direction of the first one of a connection: behind an answer, an
   * ACK of TCP or a COOKIE ECHO of SCTP; otherwise the first packet once more.
   */
  public static Packet again(Packet first, boolean answered, PacketChanges changes) {
    Packet again = first.copy();
    again.clearAttachments();
    if (answered && again.protocol() == IpProtocol.SCTP) {
      SctpHandshake.proceed(again);
    }
    changes.applyTo(again, answered ? TcpFlags.ACK : first.tcpFlags());
    if (again.isIcmp()) {
      again.icmpSequence((first.icmpSequence() + 1) & 0xffff);
    }
    return again;
  }

  static int echoRequest(IpFamily family) {
    return family == IpFamily.IPV4 ? IcmpTypes.ECHO_REQUEST : IcmpTypes.V6_ECHO_REQUEST;
  }
}
