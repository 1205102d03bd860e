package dev.packetpath.iptables.target;

import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.PacketSink;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A router between {@code eth0} (10.1.0.0/16, fd00:1::/64) and {@code eth1} (10.2.0.0/16,
 * fd00:2::/64, MTU 1400; with routes to 10.8.0.0/16 and 10.9.0.0/16 of MTU 8000 and 700) with the
 * rules of a test.
 */
final class TargetLab {
  static final Device ETH0 = Device.ethernet("eth0", 2);
  static final Device ETH1 = new Device("eth1", 3, 1400, false, ETH0.mac());

  final VirtualClock clock = new VirtualClock();
  final Host host;
  final Conntrack conntrack;
  final IpSets sets;
  final List<Packet> emitted = new ArrayList<>();
  final List<Packet> delivered = new ArrayList<>();
  final List<Device> emittedAt = new ArrayList<>();
  private final Nat nat;

  TargetLab() {
    this(Sysctls.DEFAULTS);
  }

  TargetLab(Sysctls sysctls) {
    ConfiguredNetwork network =
        ConfiguredNetwork.builder()
            .device(Device.lo())
            .device(ETH0)
            .device(ETH1)
            .addressWithRoutes(DeviceAddress.of(Device.lo(), "127.0.0.1/8"))
            .addressWithRoutes(DeviceAddress.of(ETH0, "10.1.0.1/16"))
            .addressWithRoutes(DeviceAddress.of(ETH1, "10.2.0.1/16"))
            .addressWithRoutes(DeviceAddress.of(ETH0, "fd00:1::1/64"))
            .addressWithRoutes(DeviceAddress.of(ETH1, "fd00:2::1/64"))
            .route(
                RouteEntry.unicast(
                    IpPrefix.parse("0.0.0.0/0"), ETH1, IpAddress.parse("10.2.0.254")))
            .route(mtu("10.9.0.0/16", 700))
            .route(mtu("10.8.0.0/16", 8000))
            .build();
    this.host = Host.builder(network).sysctls(sysctls).clock(clock).build();
    this.conntrack = Conntrack.attach(host, ConntrackSettings.DEFAULTS);
    this.nat = Nat.attach(conntrack);
    this.sets = new IpSets(clock, host.work());
    host.sink(
        new PacketSink() {
          @Override
          public void emitted(Device out, Packet packet) {
            emittedAt.add(out);
            emitted.add(packet.copy());
          }

          @Override
          public void delivered(Packet packet) {
            delivered.add(packet.copy());
          }
        });
  }

  private static RouteEntry mtu(String prefix, int mtu) {
    return RouteEntry.builder(IpPrefix.parse(prefix)).device(ETH1).mtu(mtu).build();
  }

  /** Returns a router with one table of IPv4 rules. */
  static TargetLab with(String table, String... rules) {
    TargetLab lab = new TargetLab();
    lab.load(IpFamily.IPV4, table, rules);
    return lab;
  }

  /** Loads one table. */
  Iptables load(IpFamily family, String table, String... rules) {
    String text = "*" + table + "\n" + String.join("\n", rules) + "\nCOMMIT\n";
    return load(family, text);
  }

  /** Loads tables written as a whole. */
  Iptables load(IpFamily family, String text) {
    try {
      Ruleset ruleset = RestoreParser.parse("rules", family, new StringReader(text));
      return Iptables.attach(host, ruleset, sets, Optional.of(nat));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Receives a packet on eth0 and returns it as the host left it. */
  Packet receive(Packet packet) {
    host.receive(packet, ETH0);
    return packet;
  }

  /** Returns the only packet that came out. */
  Packet onlyEmitted() {
    if (emitted.size() != 1) {
      throw new AssertionError("one packet, found " + emitted);
    }
    return emitted.get(0);
  }

  static Packet packet(int protocol, String source, String destination) {
    return new Packet()
        .addresses(IpAddress.parse(source), IpAddress.parse(destination))
        .protocol(protocol);
  }

  /** Returns a SYN from 10.1.0.5:10 to 10.2.0.5:80. */
  static Packet syn() {
    return packet(IpProtocol.TCP, "10.1.0.5", "10.2.0.5")
        .ports(10, 80)
        .tcpFlags(TcpFlags.SYN)
        .tcpSequence(100);
  }

  /** Returns a datagram from 10.1.0.5:10. */
  static Packet udp(String destination, int port) {
    return packet(IpProtocol.UDP, "10.1.0.5", destination).ports(10, port);
  }
}
