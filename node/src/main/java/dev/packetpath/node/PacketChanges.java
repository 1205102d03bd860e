package dev.packetpath.node;

import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.OptionalInt;

/**
 * What a notation says of a packet beside protocol and addresses; what is empty stays as it is.
 *
 * @param tcpFlags the TCP flags
 * @param payloadLength the bytes behind the transport header
 * @param ttl the time to live or hop limit
 * @param tos the type of service or traffic class
 * @param mark the packet mark, unsigned
 */
public record PacketChanges(
    OptionalInt tcpFlags,
    OptionalInt payloadLength,
    OptionalInt ttl,
    OptionalInt tos,
    OptionalInt mark) {
  /** Nothing changed. */
  public static final PacketChanges NONE =
      new PacketChanges(
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          OptionalInt.empty());

  /** Changes a packet, of TCP with these flags unless others were told. */
  void applyTo(Packet packet, int usualFlags) {
    if (packet.protocol() == IpProtocol.TCP) {
      setFlags(packet, tcpFlags.orElse(usualFlags));
    }
    payloadLength.ifPresent(packet::payloadLength);
    ttl.ifPresent(packet::ttl);
    tos.ifPresent(packet::tos);
    mark.ifPresent(packet::mark);
  }

  /** Sets flags, and the numbers that they have at the start of a connection. */
  private static void setFlags(Packet packet, int flags) {
    packet
        .tcpFlags(flags)
        .tcpSequence((flags & TcpFlags.SYN) != 0 ? 0 : 1)
        .tcpAcknowledgment((flags & TcpFlags.ACK) != 0 ? 1 : 0);
  }
}
