package dev.packetpath.ipvs;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Errno;
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
  private static final String REPLY = "ip_vs reply";

  private final Host host;
  private final Ipvs ipvs;
  private final ConntrackLink conntrack;
  private final Transmission transmission;
  private final TunnelErrors tunnels;

  IcmpErrorRelay(Host host, Ipvs ipvs, ConntrackLink conntrack, Transmission transmission) {
    this.host = host;
    this.ipvs = ipvs;
    this.conntrack = conntrack;
    this.transmission = transmission;
    this.tunnels = new TunnelErrors(host, ipvs, transmission.paths());
  }

  private static boolean isRelated(Packet packet) {
    return isError(packet) && packet.hasInner() && !packet.inner().isLaterFragment();
  }

  /** Whether an ICMP packet is of the types that are looked into, whatever it quotes. */
  static boolean isError(Packet packet) {
    int type = packet.icmpType();
    return packet.family() == IpFamily.IPV4
        ? type == IcmpTypes.DESTINATION_UNREACHABLE
            || type == IcmpTypes.SOURCE_QUENCH
            || type == IcmpTypes.TIME_EXCEEDED
        : IcmpTypes.isError(IpFamily.IPV6, type);
  }

  /**
   * An error about what a client was sent goes to the real server, one about what a tunnel sent to
   * the client.
   */
  Verdict request(Packet packet, HookState state) {
    if (!isRelated(packet)) {
      return Verdict.ACCEPT;
    }
    if (packet.family() == IpFamily.IPV4 && state.hook() == Hook.INPUT) {
      QuotedTunnel.Quote quote = QuotedTunnel.read(packet, ipvs);
      if (quote instanceof QuotedTunnel.Quote.Unreadable) {
        return Verdict.ACCEPT;
      }
      if (quote instanceof QuotedTunnel.Quote.Wrapped wrapped) {
        return tunnels.tellClient(packet, wrapped, state);
      }
    }
    boolean ours = state.hook() == Hook.OUTPUT;
    return switch (ipvs.aboutAnswer(packet, ours || state.in().loopback())) {
      case PASS -> Verdict.ACCEPT;
      case DROP, UNREACHABLE -> Verdict.DROP;
      case FORWARD -> relay(packet, ipvs.connection(), state);
    };
  }

  private Verdict relay(Packet packet, IpvsConnection connection, HookState state) {
    boolean masqueraded = connection.method() == Method.MASQUERADE;
    boolean ours = state.hook() == Hook.OUTPUT;
    if (ours && packet.family() == IpFamily.IPV6 && !masqueraded) {
      return Verdict.ACCEPT;
    }
    if (!packet.checksumValid()) {
      return Verdict.DROP;
    }
    ipvs.countIn(connection, packet);
    if (!masqueraded) {
      connection.countIn();
      return transmission.toServer(packet, connection, state);
    }
    return toServer(packet, connection, state);
  }

  private Verdict toServer(Packet packet, IpvsConnection connection, HookState state) {
    IpAddress server = connection.serverAddress();
    Route route = host.route(RouteQuery.to(server), NAME);
    if (!route.isUsable()
        || (!route.isLocal() && (packet.ttl() <= 1 || packet.source().isLoopback()))) {
      return Verdict.STOLEN;
    }
    if (route.isLocal()
        && (state.hook() == Hook.FORWARD || (server.isLoopback() && state.hook() == Hook.INPUT))) {
      return Verdict.STOLEN;
    }
    Packet translated = packet.inner().copy().source(server).sourcePort(connection.serverPort());
    packet.destination(server).inner(translated, packet.payloadLength());
    packet.attach(IpvsInfo.OF_PACKET, IpvsInfo.HANDLED);
    conntrack.towardsServer(packet, connection);
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
    if (!connection.exists()) {
      return Verdict.ACCEPT;
    }
    if (connection.method() == Method.MASQUERADE) {
      if (!packet.checksumValid()) {
        return Verdict.DROP;
      }
      IpAddress virtual = connection.virtualAddress();
      Packet translated =
          quoted.copy().destination(virtual).destinationPort(connection.virtualPort());
      packet.source(virtual).inner(translated, packet.payloadLength());
      if (!reroute(packet, state)) {
        return Verdict.DROP;
      }
    }
    ipvs.countOut(connection, packet.length());
    packet.attach(IpvsInfo.OF_PACKET, IpvsInfo.HANDLED);
    conntrack.towardsClient(packet, connection);
    return Verdict.ACCEPT;
  }

  private boolean reroute(Packet packet, HookState state) {
    return state.hook() == Hook.INPUT
        || !ipvs.settings().on(IpvsSysctl.SNAT_REROUTE)
        || host.reroute(packet, REPLY) == Errno.OK;
  }
}
