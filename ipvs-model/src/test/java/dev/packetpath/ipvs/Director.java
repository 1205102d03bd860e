package dev.packetpath.ipvs;

import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookRegistration;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IpvsInfo.Method;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.core.testing.Exits;
import dev.packetpath.core.testing.TwoLinks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A host for tests that balances: clients on eth0 (10.0.1.1/24, fd00:1::1/64), real servers on eth1
 * (10.0.2.1/24, fd00:2::1/64), the virtual addresses 10.96.0.1 and fd00:96::1 its own. It has one
 * TCP service of each family on port 80, without servers at first.
 */
final class Director {
  static final Device ETH0 = TwoLinks.ETH0;
  static final Device ETH1 = TwoLinks.ETH1;
  static final ServiceKey V4 =
      new ServiceKey.Virtual(IpProtocol.TCP, IpAddress.parse("10.96.0.1"), 80);
  static final ServiceKey V6 =
      new ServiceKey.Virtual(IpProtocol.TCP, IpAddress.parse("fd00:96::1"), 80);

  final VirtualClock clock = new VirtualClock();
  final Host host;
  final Ipvs ipvs;
  final Conntrack conntrack;

  /** What came out, each with the device in front, or "local" if a socket got it. */
  final List<String> where = new ArrayList<>();

  final List<Packet> out = new ArrayList<>();

  /** The hooks that packets came by, in order. */
  final List<Hook> hooks = new ArrayList<>();

  Director() {
    this(IpvsSettings.DEFAULTS);
  }

  Director(IpvsSettings settings) {
    this(settings, 0);
  }

  /** Returns a host with routes by eth1 to 9.0.0.0/8 and fd09::/16 of an MTU. */
  static Director withRouteOf(int mtu) {
    return new Director(IpvsSettings.DEFAULTS, mtu);
  }

  private Director(IpvsSettings settings, int mtu) {
    ConfiguredNetwork network =
        TwoLinks.network()
            .addressWithRoutes(DeviceAddress.of(Device.lo(), "10.96.0.1/32"))
            .addressWithRoutes(DeviceAddress.of(Device.lo(), "fd00:96::1/128"))
            .route(route("9.0.0.0/8", mtu))
            .route(route("fd09::/16", mtu))
            .build();
    SeededDecisions decisions = new SeededDecisions(1);
    host = Host.builder(network).clock(clock).decisions(decisions).build();
    host.sink(new Exits(this::note));
    for (IpFamily family : IpFamily.values()) {
      for (Hook hook : Hook.values()) {
        host.hooks()
            .register(
                family,
                hook,
                -1_000,
                "test",
                (packet, state) -> {
                  hooks.add(hook);
                  return Verdict.ACCEPT;
                });
      }
    }
    conntrack = Conntrack.attach(host, ConntrackSettings.DEFAULTS);
    ipvs = new Ipvs(settings, clock, decisions, host.work());
    IpvsHooks.attach(host, ipvs, Optional.of(conntrack));
    ipvs.add(ServiceSpec.builder(V4).scheduler("rr").build());
    ipvs.add(ServiceSpec.builder(V6).scheduler("rr").build());
    host.trace().keep(true);
  }

  private static RouteEntry route(String prefix, int mtu) {
    return RouteEntry.builder(IpPrefix.parse(prefix)).device(ETH1).mtu(mtu).build();
  }

  private void note(String place, Packet packet) {
    where.add(place);
    out.add(packet.copy());
  }

  /** Adds a server to the service of its method's client family. */
  Director server(String address, int port, Method method) {
    IpAddress at = IpAddress.parse(address);
    ServiceKey key = at.family() == IpFamily.IPV4 ? V4 : V6;
    ipvs.addServer(key, ServerSpec.builder(at, port).method(method).build());
    return this;
  }

  Director masqueraded(String address, int port) {
    return server(address, port, Method.MASQUERADE);
  }

  private void clear() {
    where.clear();
    out.clear();
    hooks.clear();
    host.trace().take();
  }

  /** Sends a packet in from the clients, and returns what came out as text. */
  List<String> fromClients(Packet packet) {
    clear();
    host.receive(packet, ETH0);
    return seen();
  }

  List<String> fromServers(Packet packet) {
    clear();
    host.receive(packet, ETH1);
    return seen();
  }

  List<String> fromHere(Packet packet) {
    clear();
    host.send(packet);
    return seen();
  }

  private List<String> seen() {
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < out.size(); i++) {
      seen.add(where.get(i) + " " + text(out.get(i)));
    }
    return seen;
  }

  private static String text(Packet packet) {
    return packet.isIcmp()
        ? "%s > %s icmp %s/%s"
            .formatted(packet.source(), packet.destination(), packet.icmpType(), packet.icmpCode())
        : "%s:%s > %s:%s"
            .formatted(
                packet.source(),
                packet.sourcePort(),
                packet.destination(),
                packet.destinationPort());
  }

  /** Returns the only packet that came out last time. */
  Packet only() {
    if (out.size() != 1) {
      throw new AssertionError("one packet, found " + seen());
    }
    return out.get(0);
  }

  /** Returns what ip_vs told the trace about the last packet. */
  List<IpvsEvent> told() {
    List<IpvsEvent> told = new ArrayList<>();
    for (TraceEvent event : host.trace().take()) {
      if (event instanceof IpvsEvent ours) {
        told.add(ours);
      }
    }
    return told;
  }

  /** Returns ip_vs's functions on a hook, each with its priority. */
  List<String> functions(IpFamily family, Hook hook) {
    List<String> functions = new ArrayList<>();
    for (HookRegistration registration : host.hooks().at(family, hook)) {
      if (registration.name().startsWith("ip_vs")) {
        functions.add(registration.priority() + " " + registration.name());
      }
    }
    return functions;
  }

  static Packet tcp(String source, int from, String destination, int to, int flags) {
    return new Packet()
        .addresses(IpAddress.parse(source), IpAddress.parse(destination))
        .ports(from, to)
        .tcpFlags(flags);
  }

  /** A client's segment to the service of its family. */
  static Packet request(String client, int flags) {
    String virtual = IpAddress.parse(client).family() == IpFamily.IPV4 ? "10.96.0.1" : "fd00:96::1";
    return tcp(client, 4_000, virtual, 80, flags);
  }

  static Packet syn(String client) {
    return request(client, TcpFlags.SYN);
  }

  static Packet synAck(String server, int port, String client) {
    return tcp(server, port, client, 4_000, TcpFlags.SYN | TcpFlags.ACK);
  }
}
