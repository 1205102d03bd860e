package dev.packetpath.cli.ipvs;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpTypes;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.ipvs.Disposition;
import dev.packetpath.ipvs.IpvsConnection;
import dev.packetpath.ipvs.ProtocolName;

/**
 * What is seen on the wires when the director got a packet of a client: the packet as it leaves for
 * a real server ({@code rs}), or an answer to the client ({@code cl}). Written as the recordings
 * do: {@code rs tcp 10.0.0.7:40000 10.244.0.1:80 S}.
 */
final class Wire {
  /** The addresses of the recordings' director towards the real servers, from which it tunnels. */
  private static final IpAddress DIRECTOR_V4 = IpAddress.parse("192.168.2.1");

  private static final IpAddress DIRECTOR_V6 = IpAddress.parse("2001:db8:5::1");

  private static final String FLAGS_IN_ORDER = "SAFRPUEC";
  private static final int PROTOCOL_UNREACHABLE = 2;
  private static final int PORT_UNREACHABLE = 3;
  private static final int V6_PORT_UNREACHABLE = 4;
  private static final int V6_PARAMETER_PROBLEM = 4;
  private static final int V6_UNKNOWN_NEXT_HEADER = 1;

  private Wire() {}

  /**
   * Returns what is seen.
   *
   * @param packet what the client sent
   * @param connection the packet's connection if it is forwarded
   */
  static ImmutableList<String> of(
      Packet packet, Disposition disposition, IpvsConnection connection) {
    return switch (disposition) {
      case FORWARD -> ImmutableList.of("rs " + forwarded(packet, connection));
      case UNREACHABLE -> ImmutableList.of(portUnreachable(packet));
      case PASS -> answered(packet);
      case DROP -> ImmutableList.of();
    };
  }

  private static String forwarded(Packet packet, IpvsConnection connection) {
    return switch (connection.method()) {
      case MASQUERADE -> line(packet, StateJson.server(connection));
      case TUNNEL -> tunnelled(packet, connection.serverAddress());
      case DIRECT_ROUTING, LOCAL_NODE, BYPASS -> line(packet, destination(packet));
    };
  }

  private static String line(Packet packet, String to) {
    return "%s %s %s %s".formatted(protocol(packet), source(packet), to, flags(packet));
  }

  private static String tunnelled(Packet packet, IpAddress server) {
    String kind = packet.family() == IpFamily.IPV4 ? "ipip" : "ipv6";
    IpAddress director = server.family() == IpFamily.IPV4 ? DIRECTOR_V4 : DIRECTOR_V6;
    return "%s %s %s ['%s', '%s', '%s', '%s']"
        .formatted(
            kind,
            director,
            server,
            protocol(packet),
            source(packet),
            destination(packet),
            flags(packet));
  }

  /** The director has no sockets for what ip_vs leaves to it. */
  private static ImmutableList<String> answered(Packet packet) {
    return switch (packet.protocol()) {
      case IpProtocol.TCP -> {
        if ((packet.tcpFlags() & TcpFlags.RST) != 0) {
          yield ImmutableList.of();
        }
        String reset = (packet.tcpFlags() & TcpFlags.ACK) != 0 ? "R" : "AR";
        yield ImmutableList.of(
            "cl tcp %s %s %s".formatted(destination(packet), source(packet), reset));
      }
      case IpProtocol.UDP -> ImmutableList.of(portUnreachable(packet));
      default ->
          ImmutableList.of(
              packet.family() == IpFamily.IPV4
                  ? error(packet, IcmpTypes.DESTINATION_UNREACHABLE, PROTOCOL_UNREACHABLE)
                  : error(packet, V6_PARAMETER_PROBLEM, V6_UNKNOWN_NEXT_HEADER));
    };
  }

  private static String portUnreachable(Packet packet) {
    return packet.family() == IpFamily.IPV4
        ? error(packet, IcmpTypes.DESTINATION_UNREACHABLE, PORT_UNREACHABLE)
        : error(packet, IcmpTypes.V6_DESTINATION_UNREACHABLE, V6_PORT_UNREACHABLE);
  }

  private static String error(Packet packet, int type, int code) {
    return "cl icmp %s %s %s/%s".formatted(packet.destination(), packet.source(), type, code);
  }

  private static String protocol(Packet packet) {
    return Ascii.toLowerCase(ProtocolName.of(packet.protocol()));
  }

  private static String source(Packet packet) {
    return new SocketAddress(packet.source(), packet.sourcePort()).toString();
  }

  private static String destination(Packet packet) {
    return new SocketAddress(packet.destination(), packet.destinationPort()).toString();
  }

  private static String flags(Packet packet) {
    String set = packet.protocol() == IpProtocol.TCP ? TcpFlags.toLetters(packet.tcpFlags()) : "";
    StringBuilder ordered = new StringBuilder();
    FLAGS_IN_ORDER
        .chars()
        .filter(flag -> set.indexOf(flag) >= 0)
        .forEach(flag -> ordered.append((char) flag));
    return ordered.toString();
  }
}
