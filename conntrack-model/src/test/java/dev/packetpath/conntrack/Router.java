package dev.packetpath.conntrack;

import dev.packetpath.core.Decisions;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.core.testing.Exits;
import dev.packetpath.core.testing.TwoLinks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A router for tests: eth0 10.0.1.1/24, eth1 10.0.2.1/24 with the default route, both families, and
 * rules that a test sets by hook.
 */
final class Router {
  static final Device ETH0 = TwoLinks.ETH0;
  static final Device ETH1 = TwoLinks.ETH1;

  final VirtualClock clock = new VirtualClock();
  final Host host;
  final Conntrack conntrack;
  final Nat nat;
  final List<Packet> out = new ArrayList<>();

  Router() {
    this(ConntrackSettings.DEFAULTS, new SeededDecisions(1));
  }

  Router(ConntrackSettings settings) {
    this(settings, new SeededDecisions(1));
  }

  Router(ConntrackSettings settings, Decisions decisions) {
    ConfiguredNetwork network =
        TwoLinks.network()
            .route(
                RouteEntry.unicast(IpPrefix.parse("0.0.0.0/0"), ETH1, IpAddress.parse("10.0.2.2")))
            .build();
    host = Host.builder(network).clock(clock).decisions(decisions).build();
    host.sink(new Exits((where, packet) -> out.add(packet.copy())));
    conntrack = Conntrack.attach(host, settings);
    nat = Nat.attach(conntrack);
  }

  /** Registers a nat chain for IPv4. */
  Router chain(Hook hook, HookFunction walk) {
    return chain(IpFamily.IPV4, hook, walk);
  }

  Router chain(IpFamily family, Hook hook, HookFunction walk) {
    nat.registerChain(family, hook, 0, walk);
    return this;
  }

  /** Makes NAT active without a rule. */
  Router nat() {
    return chain(Hook.PREROUTING, (packet, state) -> Verdict.ACCEPT);
  }

  Router dnat(String address, int port) {
    NatRange.Builder range =
        NatRange.builder().addresses(IpAddress.parse(address), IpAddress.parse(address));
    NatRange to = port == 0 ? range.build() : range.ports(port, port).build();
    return chain(Hook.PREROUTING, (packet, s) -> nat.setUp(packet, to, ManipType.DESTINATION));
  }

  Router snat(NatRange range) {
    return chain(Hook.POSTROUTING, (packet, s) -> nat.setUp(packet, range, ManipType.SOURCE));
  }

  Router masquerade(NatRange range) {
    return chain(Hook.POSTROUTING, (packet, s) -> nat.masquerade(packet, range, s.out()));
  }

  /** Runs a function at a hook and priority, for IPv4. */
  Router on(Hook hook, int priority, HookFunction function) {
    return on(IpFamily.IPV4, hook, priority, function);
  }

  Router on(IpFamily family, Hook hook, int priority, HookFunction function) {
    host.hooks().register(family, hook, priority, "test", function);
    return this;
  }

  /** Drops all packets at a hook and priority. */
  Router drop(Hook hook, int priority) {
    return on(hook, priority, (packet, state) -> Verdict.DROP);
  }

  void at(double seconds) {
    clock.advanceTo(Math.round(seconds * VirtualClock.NS_PER_SECOND));
  }

  /** Sends a packet through from the first link and returns what came out, if it was one packet. */
  Packet fromEth0(Packet packet) {
    return received(packet, ETH0);
  }

  Packet fromEth1(Packet packet) {
    return received(packet, ETH1);
  }

  private Packet received(Packet packet, Device in) {
    out.clear();
    host.receive(packet, in);
    return out.isEmpty() ? NOTHING : out.get(0);
  }

  /** What comes out when a packet is dropped. */
  static final Packet NOTHING = new Packet();

  /** Returns what came out, with all that a later hook function or a sink could ask. */
  String seen(Packet packet, Device in) {
    return seen(received(packet, in));
  }

  /** Returns what came out of a packet that this host itself sends, as {@link #seen}. */
  String seenOfOwn(Packet packet) {
    Errno errno = send(packet);
    return errno + " " + seen(out.isEmpty() ? NOTHING : out.get(0));
  }

  private String seen(Packet gone) {
    return gone
        + " ttl "
        + gone.ttl()
        + " "
        + state(gone)
        + " "
        + PacketConnection.connectionOf(gone);
  }

  /** Returns a packet of who answers a client on its first connection, if it has one. */
  Optional<Packet> answerTo(IpAddress client) {
    return conntrack.connections().stream()
        .filter(connection -> connection.original().source().equals(client))
        .findFirst()
        .map(Connection::reply)
        .map(
            reply ->
                new Packet()
                    .addresses(reply.source(), reply.destination())
                    .ports(reply.sourcePort(), reply.destinationPort()));
  }

  Errno send(Packet packet) {
    out.clear();
    return host.send(packet);
  }

  static ConnectionState state(Packet packet) {
    return PacketConnection.stateOf(packet);
  }

  static Packet packet(int protocol, String source, String destination) {
    return new Packet()
        .protocol(protocol)
        .addresses(IpAddress.parse(source), IpAddress.parse(destination));
  }

  static Packet udp(String source, int sourcePort, String destination, int destinationPort) {
    return packet(IpProtocol.UDP, source, destination)
        .ports(sourcePort, destinationPort)
        .payloadLength(10);
  }

  static Packet tcp(
      String source, int sourcePort, String destination, int destinationPort, String flags) {
    return packet(IpProtocol.TCP, source, destination)
        .ports(sourcePort, destinationPort)
        .tcpFlags(TcpFlags.parseLetters(flags));
  }

  static Packet icmp(String source, String destination, int type, int id) {
    return packet(IpProtocol.ICMP, source, destination).icmpType(type).icmpId(id);
  }

  /** Returns the only connection. */
  Connection only() {
    if (conntrack.size() != 1) {
      throw new AssertionError("one connection, found " + conntrack.connections());
    }
    return conntrack.connections().get(0);
  }
}
