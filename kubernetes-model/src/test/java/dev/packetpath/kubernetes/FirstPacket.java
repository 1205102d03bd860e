package dev.packetpath.kubernetes;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;

/** The packets that open connections. */
public final class FirstPacket {
  /** An INIT chunk (RFC 9260): type 1, 20 bytes, a tag of the sender's. */
  private static final byte[] SCTP_INIT = {
    1, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0
  };

  private FirstPacket() {}

  /** Returns the first packet of a connection. */
  public static Packet of(
      IpAddress from, int fromPort, IpAddress to, ServiceProtocol protocol, int toPort) {
    Packet packet =
        new Packet().addresses(from, to).protocol(protocol.number()).ports(fromPort, toPort);
    return switch (protocol) {
      case TCP -> packet.tcpFlags(TcpFlags.SYN);
      case UDP -> packet;
      case SCTP -> packet.payload(SCTP_INIT).payloadLength(SCTP_INIT.length);
    };
  }
}
