package dev.packetpath.ipvs;

import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.host.RouteQuery;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IcmpTypes;
import dev.packetpath.core.packet.IpvsInfo;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;

/**
 * ICMP errors about packets of connections: unreachable, too big and time exceeded (ip_vs_in_icmp
 * and ip_vs_out_icmp of net/netfilter/ipvs/ip_vs_core.c, Linux 6.1). Other ICMP passes.
 */
final class IcmpErrorRelay {
  private static final String NAME = "ip_vs request";

  private final Host host;
  private final Ipvs ipvs;
  private final Transmission transmission;

  IcmpErrorRelay(Host host, Ipvs ipvs, Transmission transmission) {
    this.host = host;
    this.ipvs = ipvs;
    this.transmission = transmission;
  }

  private static boolean isRelated(Packet packet) {
    if (!packet.hasInner() || packet.inner().isLaterFragment()) {
      return false;
    }
    int type = packet.icmpType();
    return packet.family() == IpFamily.IPV4
        ? type == IcmpTypes.DESTINATION_UNREACHABLE
            || type == IcmpTypes.SOURCE_QUENCH
            || type == IcmpTypes.TIME_EXCEEDED
        : type == IcmpTypes.V6_DESTINATION_UNREACHABLE
            || type == IcmpTypes.V6_PACKET_TOO_BIG
            || type == IcmpTypes.V6_TIME_EXCEEDED;
  }

  /** An error about what a client was sent goes to the real server. */
  Verdict request(Packet packet, HookState state) {
    if (!isRelated(packet)) {
      return Verdict.ACCEPT;
    }
    Packet quoted = packet.inner();
    IpvsConnection connection = ipvs.answeredBy(quoted);
    if (!connection.exists()) {
      return Verdict.ACCEPT;
    }
    if (connection.method() != Method.MASQUERADE) {
      return transmission.toServer(packet, connection, state);
    }
    IpAddress server = connection.serverAddress();
    Route route = host.route(RouteQuery.to(server), NAME);
    if (!route.isUsable() || packet.ttl() <= 1) {
      return Verdict.DROP;
    }
    Packet translated = quoted.copy().source(server).sourcePort(connection.serverPort());
    packet.destination(server).inner(translated, packet.payloadLength());
    packet.attach(IpvsInfo.OF_PACKET, IpvsInfo.HANDLED);
    if (route.isLocal()) {
      return Verdict.ACCEPT;
    }
    packet.ttl(packet.ttl() - 1);
    host.sendOn(packet, route, NAME);
    return Verdict.STOLEN;
  }

  /** An error about what a real server was sent goes to the client as if of the service. */
  Verdict reply(Packet packet, HookState state) {
    if (!isRelated(packet)) {
      return Verdict.ACCEPT;
    }
    Packet quoted = packet.inner();
    IpvsConnection connection = ipvs.sentTo(quoted);
    if (connection.exists() && connection.method() == Method.MASQUERADE) {
      IpAddress virtual = connection.virtualAddress();
      Packet translated =
          quoted.copy().destination(virtual).destinationPort(connection.virtualPort());
      packet.source(virtual).inner(translated, packet.payloadLength());
      packet.attach(IpvsInfo.OF_PACKET, IpvsInfo.HANDLED);
    }
    return Verdict.ACCEPT;
  }
}
