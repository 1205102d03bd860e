package dev.packetpath.node.ipvs;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.conntrack.ConntrackText;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.LocalSockets;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.LoadedTable;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.syntax.ReadMode;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.ipvs.syntax.IpvsadmReader;
import dev.packetpath.node.Emission;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.SnapshotReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The director of the recordings: clients behind {@code cl}, real servers and pods behind {@code
 * rs}, virtual addresses 10.96.9.0/28 on a dummy device.
 */
final class Director {
  private static final List<String> CHAINS =
      List.of(
          "raw/PREROUTING",
          "mangle/PREROUTING",
          "nat/PREROUTING",
          "mangle/INPUT",
          "filter/INPUT",
          "nat/INPUT",
          "mangle/FORWARD",
          "filter/FORWARD",
          "raw/OUTPUT",
          "mangle/OUTPUT",
          "nat/OUTPUT",
          "filter/OUTPUT",
          "mangle/POSTROUTING",
          "nat/POSTROUTING");

  private final Node node;

  private Director(Node node) {
    this.node = node;
  }

  /**
   * Returns the director.
   *
   * @param rules tables as iptables-save prints them
   * @param sets sets as ipset save prints them
   * @param services services as ipvsadm -S -n prints them
   * @param sysctls settings under net.ipv4.vs
   * @param tracks whether connection tracking is on in any case
   */
  static Director of(
      String rules, String sets, String services, Map<String, String> sysctls, boolean tracks)
      throws IOException {
    Device cl = Device.ethernet("cl", 2);
    Device rs = Device.ethernet("rs", 3);
    Device dummy = Device.ethernet("kube-ipvs0", 4);
    ConfiguredNetwork.Builder network =
        ConfiguredNetwork.builder().device(Device.lo()).device(cl).device(rs).device(dummy);
    network.addressWithRoutes(DeviceAddress.of(Device.lo(), "127.0.0.1/8"));
    network.addressWithRoutes(DeviceAddress.of(cl, "192.168.1.1/24"));
    network.addressWithRoutes(DeviceAddress.of(rs, "192.168.2.1/24"));
    for (int i = 1; i < 12; i++) {
      network.addressWithRoutes(DeviceAddress.of(dummy, "10.96.9." + i + "/32"));
    }
    network.route(
        RouteEntry.unicast(IpPrefix.parse("10.244.0.0/16"), rs, IpAddress.parse("192.168.2.2")));
    network.route(
        RouteEntry.unicast(IpPrefix.parse("0.0.0.0/0"), cl, IpAddress.parse("192.168.1.2")));
    ImmutableMap.Builder<String, String> settings = ImmutableMap.builder();
    settings.putAll(NodeSnapshot.ASSUMED_SYSCTLS.asMap());
    sysctls.forEach((name, value) -> settings.put("net.ipv4.vs." + name, value));
    NodeSnapshot.Builder snapshot =
        NodeSnapshot.builder()
            .network(network.build())
            .sysctls(new Sysctls(settings.buildKeepingLast()))
            .sets(SnapshotReader.readSets("sets", new StringReader(sets)))
            .ruleset(
                new RestoreParser("rules", IpFamily.IPV4, ReadMode.STRICT)
                    .read(new StringReader(rules)))
            .virtualServices(IpvsadmReader.read("services", new StringReader(services)));
    if (tracks) {
      snapshot.connections(ConntrackText.read("conntrack", new StringReader("")));
    }
    return new Director(Node.builder(snapshot.build()).localSockets(LocalSockets.RST).build());
  }

  Node node() {
    return node;
  }

  /** What one packet did. */
  record Step(List<String> chains, List<Emission> emissions) {
    /** Returns what was seen on the wires, in the recordings' words. */
    List<String> wire() {
      return emissions.stream()
          .filter(emission -> !emission.at().equals(Emission.LOCAL))
          .map(emission -> emission.at() + " " + describe(emission.packet()))
          .toList();
    }

    private static String describe(Packet packet) {
      if (packet.isIcmp()) {
        return "icmp "
            + packet.source()
            + " "
            + packet.destination()
            + " "
            + packet.icmpType()
            + "/"
            + packet.icmpCode();
      }
      if (packet.protocol() == 4) {
        Packet inner = packet.inner();
        return "ipip %s %s ['tcp', '%s:%s', '%s:%s', '%s']"
            .formatted(
                packet.source(),
                packet.destination(),
                inner.source(),
                inner.sourcePort(),
                inner.destination(),
                inner.destinationPort(),
                flags(inner));
      }
      return "tcp %s:%s %s:%s %s"
          .formatted(
              packet.source(),
              packet.sourcePort(),
              packet.destination(),
              packet.destinationPort(),
              flags(packet));
    }

    private static String flags(Packet packet) {
      return switch (TcpFlags.toLetters(packet.tcpFlags())) {
        case "RA" -> "AR";
        case "FA" -> "AF";
        default -> TcpFlags.toLetters(packet.tcpFlags());
      };
    }
  }

  Step inject(String at, Packet packet) {
    Map<String, Long> policies = policies();
    Map<String, Long> rules = rules();
    List<Emission> emissions = node.inject(Injection.on(at, packet)).emissions();
    List<String> chains = new ArrayList<>();
    Map<String, Long> policiesAfter = policies();
    for (String chain : CHAINS) {
      long passed = policiesAfter.getOrDefault(chain, 0L) - policies.getOrDefault(chain, 0L);
      if (passed > 0) {
        chains.add(passed == 1 ? chain : chain + " x" + passed);
      }
    }
    TreeSet<String> matched = new TreeSet<>();
    rules()
        .forEach(
            (rule, after) -> {
              if (after > rules.get(rule)) {
                matched.add(rule);
              }
            });
    chains.addAll(matched);
    return new Step(chains, emissions);
  }

  private List<LoadedTable> tables() {
    return node.iptables(IpFamily.IPV4).orElseThrow().tables();
  }

  private Map<String, Long> policies() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (LoadedTable table : tables()) {
      table.snapshot().chains().stream()
          .filter(chain -> chain.policy().isPresent())
          .forEach(
              chain ->
                  counts.put(
                      name(table.name(), chain.name()),
                      table.policyCounted(chain.name()).packets()));
    }
    return counts;
  }

  private Map<String, Long> rules() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (LoadedTable table : tables()) {
      for (var chain : table.snapshot().chains()) {
        for (int i = 1; i <= chain.rules().size(); i++) {
          counts.put(
              name(table.name(), chain.name()) + ": " + chain.rules().get(i - 1),
              table.counted(chain.name(), i).packets());
        }
      }
    }
    return counts;
  }

  private static String name(TableName table, String chain) {
    return table.text() + "/" + chain;
  }
}
