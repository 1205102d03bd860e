package dev.packetpath.nftables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.Decisions;
import dev.packetpath.core.Hook;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.Exits;
import dev.packetpath.core.testing.TwoLinks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A router for tests: eth0 10.0.1.1/24 and fd00:1::1/64, eth1 10.0.2.1/24 and fd00:2::1/64, with
 * tables of nftables.
 */
final class NftHost {
  static final Device ETH0 = TwoLinks.ETH0;
  static final Device ETH1 = TwoLinks.ETH1;

  final VirtualClock clock = new VirtualClock();
  final Host host;
  final Nftables nftables;
  private final List<Packet> out = new ArrayList<>();

  NftHost(NftTable... tables) {
    this(new SeededDecisions(1), tables);
  }

  NftHost(Decisions decisions, NftTable... tables) {
    host = Host.builder(TwoLinks.network().build()).clock(clock).decisions(decisions).build();
    host.sink(new Exits((where, packet) -> out.add(packet.copy())));
    Conntrack conntrack = Conntrack.attach(host, ConntrackSettings.DEFAULTS);
    nftables =
        Nftables.attach(host, ImmutableList.copyOf(tables), Optional.of(Nat.attach(conntrack)));
  }

  /** Returns a table of IPv4 with one base chain of these rules, and other chains and sets. */
  static NftTable filter(Hook hook, List<NftRule> rules, Object... others) {
    return table(IpFamily.IPV4, base("filter", hook, 0, rules), others);
  }

  static NftTable table(IpFamily family, NftChain base, Object... others) {
    ImmutableList.Builder<NftSet> sets = ImmutableList.builder();
    ImmutableList.Builder<NftChain> chains = ImmutableList.builder();
    chains.add(base);
    for (Object other : others) {
      if (other instanceof NftSet set) {
        sets.add(set);
      } else {
        chains.add((NftChain) other);
      }
    }
    return new NftTable(family, "t", sets.build(), chains.build());
  }

  static NftChain base(String type, Hook hook, int priority, List<NftRule> rules) {
    ImmutableList<NftRule> all = ImmutableList.copyOf(rules);
    return new NftChain(
        type + " " + hook, Optional.of(new NftChain.Base(type, hook, priority)), () -> all);
  }

  static NftChain chain(String name, NftRule... rules) {
    ImmutableList<NftRule> all = ImmutableList.copyOf(rules);
    return NftChain.of(name, () -> all);
  }

  /** Sends a packet in by eth0 and returns what came out. */
  List<Packet> receive(Packet packet) {
    return receive(packet, ETH0);
  }

  List<Packet> receive(Packet packet, Device in) {
    out.clear();
    host.receive(packet, in);
    return List.copyOf(out);
  }

  /** Returns whether a packet that comes in by eth0 goes on as it is. */
  boolean passes(Packet packet) {
    List<Packet> result = receive(packet);
    return result.size() == 1 && result.get(0).destination().equals(packet.destination());
  }

  static Packet udp(String source, int sourcePort, String destination, int destinationPort) {
    return new Packet()
        .protocol(IpProtocol.UDP)
        .addresses(IpAddress.parse(source), IpAddress.parse(destination))
        .ports(sourcePort, destinationPort)
        .payloadLength(10);
  }
}
