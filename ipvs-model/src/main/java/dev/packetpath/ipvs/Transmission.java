package dev.packetpath.ipvs;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Trace;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.host.RouteQuery;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.IpvsInfo;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import java.util.function.Supplier;

/**
 * Sends packets to real servers by the method of their connection, and rewrites their answers
 * (net/netfilter/ipvs/ip_vs_xmit.c, Linux 6.1). A packet that cannot be sent ends without an error
 * for a local sender.
 */
final class Transmission {
  private static final int V4_HEADER = 20;
  private static final int V6_HEADER = 40;
  private static final int V4_HOST_UNREACHABLE = 1;
  private static final int V6_ADDRESS_UNREACHABLE = 3;

  private final Host host;
  private final Supplier<IpvsSettings> settings;
  private final ConntrackLink conntrack;
  private final PathMtus paths;
  private final String name;
  private final Trace trace;

  Transmission(Host host, Supplier<IpvsSettings> settings, ConntrackLink conntrack, String name) {
    this.host = host;
    this.settings = settings;
    this.conntrack = conntrack;
    this.paths = new PathMtus(host.clock());
    this.name = name;
    this.trace = host.trace();
  }

  /** Returns what is known of the paths to servers. */
  PathMtus paths() {
    return paths;
  }

  /** Sends a packet of a client on. */
  Verdict toServer(Packet packet, IpvsConnection connection, HookState state) {
    return switch (connection.method()) {
      case MASQUERADE -> masquerade(packet, connection, state);
      case LOCAL_NODE -> toThisHost(packet, connection);
      case TUNNEL -> tunnel(packet, connection, state);
      case DIRECT_ROUTING -> unchanged(packet, connection, connection.serverAddress(), state);
      case BYPASS -> unchanged(packet, connection, packet.destination(), state);
    };
  }

  private Verdict toThisHost(Packet packet, IpvsConnection connection) {
    packet.attach(IpvsInfo.OF_PACKET, connection.info());
    conntrack.withoutTranslation(packet, connection);
    return Verdict.ACCEPT;
  }

  /**
   * Whether the way to the server crosses the border of this host where it must not: what comes
   * from a loopback address stays here, and what was to leave comes back only if its destination is
   * rewritten; nothing bypasses to this host (crosses_local_route_boundary).
   */
  private boolean isMisrouted(
      Packet packet, IpvsConnection connection, Route route, HookState state) {
    if (!route.isLocal()) {
      return packet.source().isLoopback();
    }
    return switch (connection.method()) {
      case BYPASS -> true;
      case MASQUERADE -> false;
      default -> !wasForThisHost(packet, state);
    };
  }

  private boolean wasForThisHost(Packet packet, HookState state) {
    return state.hook() == Hook.INPUT
        || (state.hook() == Hook.OUTPUT
            && host.network().route(RouteQuery.to(packet.destination())).isLocal());
  }

  private Verdict misrouted(Packet packet, IpvsConnection connection) {
    return dropped(
        "from %s to %s crosses the border of this host"
            .formatted(
                packet.source(),
                connection.method() == Method.BYPASS
                    ? packet.destination()
                    : connection.serverAddress()));
  }

  private Verdict masquerade(Packet packet, IpvsConnection connection, HookState state) {
    Route route = routeTo(connection, connection.serverAddress());
    if (!route.isUsable()) {
      return unreachable(packet, state);
    }
    if (isMisrouted(packet, connection, route, state)) {
      return misrouted(packet, connection);
    }
    boolean fromOutside = state.hook() == Hook.INPUT;
    if (route.isLocal() && connection.serverAddress().isLoopback() && fromOutside) {
      return dropped("a packet of another host may not get to " + connection.serverAddress());
    }
    if (!route.isLocal() && !isSendable(packet, lengthTo(connection, route), 0, state)) {
      return Verdict.STOLEN;
    }
    host.work().add(IpvsOperations.REWRITE);
    packet.destination(connection.serverAddress()).destinationPort(connection.serverPort());
    packet.attach(IpvsInfo.OF_PACKET, connection.info());
    conntrack.towardsServer(packet, connection);
    return sendOn(packet, route);
  }

  private Verdict unchanged(
      Packet packet, IpvsConnection connection, IpAddress nextHop, HookState state) {
    Route route = routeTo(connection, nextHop);
    if (!route.isUsable()) {
      return unreachable(packet, state);
    }
    if (isMisrouted(packet, connection, route, state)) {
      return misrouted(packet, connection);
    }
    if (!route.isLocal() && !isSendable(packet, lengthTo(connection, route), 0, state)) {
      return Verdict.STOLEN;
    }
    packet.attach(IpvsInfo.OF_PACKET, connection.info());
    conntrack.withoutTranslation(packet, connection);
    return sendOn(packet, route);
  }

  private Verdict tunnel(Packet packet, IpvsConnection connection, HookState state) {
    IpAddress server = connection.serverAddress();
    Route route = routeTo(connection, server);
    if (!route.isUsable()) {
      return unreachable(packet, state);
    }
    if (isMisrouted(packet, connection, route, state)) {
      return misrouted(packet, connection);
    }
    if (route.isLocal()) {
      return toThisHost(packet, connection);
    }
    Tunnel tunnel = connection.server().tunnel();
    int outerHeader = server.family() == IpFamily.IPV4 ? V4_HEADER : V6_HEADER;
    int header = outerHeader + tunnel.headerBytes();
    int length = lengthTo(connection, route);
    if (length - header < server.family().leastMtu()) {
      return dropped("no tunnel in packets of " + length + " bytes");
    }
    if (!isSendable(packet, length, header, state)
        || conntrack.beforeWrapping(packet, connection) != Verdict.ACCEPT) {
      return Verdict.STOLEN;
    }
    host.work().add(IpvsOperations.ENCAPSULATE);
    boolean v4Inside = packet.family() == IpFamily.IPV4;
    Packet outer =
        new Packet()
            .addresses(sourceFor(route, server), server)
            .ttl(packet.ttl())
            .tos(packet.tos())
            .dontFragment(v4Inside && packet.dontFragment() && discoversMtu())
            .mark(packet.mark());
    TunnelHeaders.wrap(packet, outer, tunnel);
    outer.attach(IpvsInfo.OF_PACKET, IpvsInfo.HANDLED);
    return sendOn(outer, route);
  }

  private IpAddress sourceFor(Route route, IpAddress server) {
    if (!route.source().isAny()) {
      return route.source();
    }
    return host.network().selectSource(route.device(), route.selectingBy(server));
  }

  /** The route is that of the server, whatever else the packet says, and is looked up once. */
  private Route routeTo(IpvsConnection connection, IpAddress nextHop) {
    RealServer server = connection.server();
    Route cached = server.exists() ? server.route() : Route.NONE;
    if (cached.isUsable()) {
      return cached;
    }
    Route route = host.route(RouteQuery.to(nextHop), name);
    if (server.exists()) {
      server.route(route);
    }
    return route;
  }

  /** The route as it is known from now on heeds what routers said of its path. */
  private int lengthTo(IpvsConnection connection, Route route) {
    if (!paths.isShorter(connection.serverAddress(), route)) {
      return route.largestPacket();
    }
    connection.server().routeKnowsPath(true);
    return paths.of(connection.serverAddress(), route);
  }

  private Verdict sendOn(Packet packet, Route route) {
    if (route.isLocal()) {
      return Verdict.ACCEPT;
    }
    host.sendOn(packet, route, name);
    return Verdict.STOLEN;
  }

  private boolean discoversMtu() {
    return settings.get().on(IpvsSysctl.PMTU_DISC);
  }

  /** Counts the time to live down and checks the length; tells the sender if either forbids. */
  private boolean isSendable(Packet packet, int length, int header, HookState state) {
    boolean v4 = packet.family() == IpFamily.IPV4;
    if (packet.ttl() <= 1) {
      host.sendIcmpError(packet, state.in(), IcmpError.timeExceeded(packet.family()), "ip_vs");
      return refused("the time to live ran out");
    }
    packet.ttl(packet.ttl() - 1);
    int mtu = length - header;
    boolean mayCut = v4 && (!packet.dontFragment() || (header > 0 && !discoversMtu()));
    if (packet.length() > mtu && !mayCut && !(v4 && packet.isIcmp())) {
      host.sendIcmpError(packet, state.in(), IcmpError.tooLong(packet.family(), mtu), "ip_vs");
      return refused("longer than " + mtu + " bytes");
    }
    return true;
  }

  private Verdict unreachable(Packet packet, HookState state) {
    int code = packet.family() == IpFamily.IPV4 ? V4_HOST_UNREACHABLE : V6_ADDRESS_UNREACHABLE;
    host.sendIcmpError(packet, state.in(), IcmpError.unreachable(packet.family(), code), "ip_vs");
    return dropped("no route to the real server");
  }

  private Verdict dropped(String reason) {
    refused(reason);
    return Verdict.STOLEN;
  }

  @CanIgnoreReturnValue
  private boolean refused(String reason) {
    if (trace.isOn()) {
      trace.add(new IpvsEvent.Refused(reason));
    }
    return false;
  }

  /** Gives an answer of a real server the virtual address. */
  void fromServer(Packet packet, IpvsConnection connection) {
    host.work().add(IpvsOperations.REWRITE);
    packet
        .source(connection.virtualHigh(), connection.virtualLow())
        .sourcePort(connection.virtualPort());
    packet.attach(IpvsInfo.OF_PACKET, IpvsInfo.HANDLED);
    conntrack.towardsClient(packet, connection);
  }
}
