package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookShortcut;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.FastPath;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.Exits;
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.iptables.syntax.SavePrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Two hosts alike, one of which walks compiled chains and the other rule by rule. */
final class TwoWalks {
  static final Device ETH0 = Device.ethernet("eth0", 2);
  static final Device ETH1 = Device.ethernet("eth1", 3);
  static final Network NETWORK =
      ConfiguredNetwork.builder()
          .device(Device.lo())
          .device(ETH0)
          .device(ETH1)
          .addressWithRoutes(DeviceAddress.of(Device.lo(), "127.0.0.1/8"))
          .addressWithRoutes(DeviceAddress.of(ETH0, "10.0.1.1/29"))
          .addressWithRoutes(DeviceAddress.of(ETH1, "10.0.1.9/29"))
          .addressWithRoutes(DeviceAddress.of(ETH0, "fd00:1::1/125"))
          .addressWithRoutes(DeviceAddress.of(ETH1, "fd00:1::9/125"))
          .build();

  private final Side compiled;
  private final Side reference;
  private long sent;

  TwoWalks(RulesetProgram program, long seed, boolean traced) {
    this.compiled = new Side(program, seed, Walk.COMPILED, traced);
    this.reference = new Side(program, seed, Walk.REFERENCE, traced);
  }

  Iptables compiled() {
    return compiled.iptables;
  }

  Iptables reference() {
    return reference.iptables;
  }

  Conntrack conntrack() {
    return compiled.conntrack;
  }

  Host host() {
    return compiled.host;
  }

  /** Adds a function to a hook of both. */
  void register(IpFamily family, Hook hook, int priority, HookFunction function) {
    compiled.host.hooks().register(family, hook, priority, "test", function);
    reference.host.hooks().register(family, hook, priority, "test", function);
  }

  /** Gives both a copy of a packet at a time and holds what came of it equal. */
  void send(Packet packet, long gapNs) {
    sent++;
    compiled.send(packet.copy(), sent, gapNs);
    reference.send(packet.copy(), sent, gapNs);
    compareLast(packet);
  }

  /** Lets both receive a copy of a packet at a time and holds what came of it equal. */
  void receive(Packet packet, Device in, long gapNs) {
    sent++;
    compiled.receive(packet.copy(), in, gapNs);
    reference.receive(packet.copy(), in, gapNs);
    compareLast(packet);
  }

  /**
   * Lets packets come in at a time, for the compiled walk all together and for the other one by
   * one, and holds what came of them equal.
   */
  void receiveTogether(List<Packet> packets, Device in, long gapNs) {
    sent += packets.size();
    compiled.startAfter(gapNs);
    compiled.host.receive(packets.stream().map(Packet::copy).toList(), in);
    reference.startAfter(gapNs);
    packets.forEach(packet -> reference.host.receive(packet.copy(), in));
    compareLast(packets.get(packets.size() - 1));
  }

  /** Holds the tables of connections equal. */
  void compareConnections() {
    assertThat(compiled.conntrack.entries()).isEqualTo(reference.conntrack.entries());
    assertThat(compiled.conntrack.statistics()).isEqualTo(reference.conntrack.statistics());
  }

  private void compareLast(Packet packet) {
    assertThat(compiled.host.work().toMap())
        .as("work of packet %s, %s", sent, packet)
        .isEqualTo(reference.host.work().toMap());
    assertThat(compiled.emitted)
        .as("what came of packet %s, %s", sent, packet)
        .isEqualTo(reference.emitted);
    List<TraceEvent> events = compiled.host.trace().take();
    List<TraceEvent> others = reference.host.trace().take();
    if (!sayTheSame(events, others)) {
      assertThat(texts(events)).as("trace of packet %s, %s", sent, packet).isEqualTo(texts(others));
    }
  }

  private static boolean sayTheSame(List<TraceEvent> events, List<TraceEvent> others) {
    boolean same = events.size() == others.size();
    for (int i = 0; same && i < events.size(); i++) {
      same = sayTheSame(events.get(i), others.get(i));
    }
    return same;
  }

  /** Both hosts have the same rules; thousands of them are printed only where they are not. */
  private static boolean sayTheSame(TraceEvent event, TraceEvent other) {
    return (event instanceof TableEvent && event.equals(other))
        || event.toString().equals(other.toString());
  }

  private static List<String> texts(List<TraceEvent> events) {
    return events.stream().map(TraceEvent::toString).toList();
  }

  /** Holds all counters equal. */
  void compareCounters() {
    assertThat(SavePrinter.toText(compiled.iptables.snapshot(), true))
        .isEqualTo(SavePrinter.toText(reference.iptables.snapshot(), true));
    for (int i = 0; i < compiled.iptables.tables().size(); i++) {
      LoadedTable one = compiled.iptables.tables().get(i);
      LoadedTable other = reference.iptables.tables().get(i);
      assertThat(one.rulesEvaluated()).isEqualTo(other.rulesEvaluated());
      for (Chain chain : one.snapshot().chains()) {
        String name = chain.name();
        assertThat(one.evaluated(name)).as(name).isEqualTo(other.evaluated(name));
        assertThat(one.endReached(name)).as(name).isEqualTo(other.endReached(name));
      }
    }
  }

  /** One of the hosts. */
  private static final class Side {
    final Host host;
    final SeededDecisions decisions;
    final Conntrack conntrack;
    final Iptables iptables;
    final List<String> emitted = new ArrayList<>();

    Side(RulesetProgram program, long seed, Walk walk, boolean traced) {
      this.decisions = new SeededDecisions(seed);
      this.host = Host.builder(NETWORK).decisions(decisions).build();
      this.conntrack = Conntrack.attach(host, ConntrackSettings.DEFAULTS);
      Nat nat = Nat.attach(conntrack);
      IpSets sets = new IpSets(host.clock(), host.work());
      this.iptables = Iptables.attach(host, program, sets, Optional.of(nat), walk);
      if (walk == Walk.REFERENCE) {
        host.fastPath(FastPath.NONE);
        host.shortcut(HookShortcut.NONE);
      }
      host.trace().keep(traced);
      host.sink(new Exits((where, packet) -> emitted.add(describe(where, packet))));
    }

    private static String describe(String where, Packet packet) {
      return where
          + " "
          + packet
          + " mark "
          + packet.mark()
          + " tos "
          + packet.tos()
          + " ttl "
          + packet.ttl()
          + " length "
          + packet.length()
          + " state "
          + PacketConnection.stateOf(packet)
          + " of "
          + PacketConnection.connectionOf(packet)
          + " by "
          + packet.attachment(Route.OF_PACKET);
    }

    void receive(Packet packet, Device in, long gapNs) {
      startAfter(gapNs);
      host.receive(packet, in);
    }

    private void startAfter(long gapNs) {
      host.work().clear();
      emitted.clear();
      host.clock().advanceTo(host.clock().nowNs() + gapNs);
    }

    void send(Packet packet, long number, long gapNs) {
      startAfter(gapNs);
      switch ((int) (number % 3)) {
        case 0 -> host.receive(packet, ETH0);
        case 1 -> host.receive(packet, ETH1);
        default -> host.send(packet);
      }
    }
  }
}
