package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.Resources;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Nat;
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
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Linux 6.18.44 did with packets under rules whose matches remember: which of them a router
 * between eth0 (10.0.1.1, 10.1.0.0/16 behind it) and eth1 (10.0.2.1, 10.2.0.0/16) let through.
 *
 * <p>A line holds the rules, to whose table {@code *table} leads; the packets, each with the
 * milliseconds since the first and what differs from UDP 10.1.0.5:1000 &gt; 10.2.0.5:80 on eth0;
 * and for each packet Y if it came out. The policy of FORWARD is DROP.
 */
class StatefulMatchVectorsTest {
  private static final Device ETH0 = Device.ethernet("eth0", 2);
  private static final Device ETH1 = Device.ethernet("eth1", 3);

  /** One line of the table. */
  record Vector(String rules, String packets, String out) {
    @Override
    public String toString() {
      return rules;
    }
  }

  static List<Vector> vectors() throws IOException {
    return Resources.readLines(
            Resources.getResource(StatefulMatchVectorsTest.class, "stateful-match-vectors.tsv"),
            StandardCharsets.UTF_8)
        .stream()
        .map(line -> line.split("\t", -1))
        .map(cells -> new Vector(cells[0], cells[1], cells[2]))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void theSamePacketsPassAsInTheKernel(Vector vector) throws IOException {
    Router router = new Router(vector.rules());
    StringBuilder out = new StringBuilder();
    for (String packet : Splitter.on(" ; ").split(vector.packets())) {
      out.append(router.passes(packet) ? 'Y' : '.');
    }
    assertThat(out.toString()).isEqualTo(vector.out());
  }

  /** The node of the kernel's vectors. */
  private static final class Router {
    private final Host host;
    private boolean passed;

    Router(String rules) throws IOException {
      this.host =
          Host.builder(network())
              .sysctls(new Sysctls(ImmutableMap.of("net.ipv4.ip_forward", "1")))
              .build();
      Nat nat = Nat.attach(Conntrack.attach(host, ConntrackSettings.DEFAULTS));
      Iptables.attach(
          host,
          RestoreParser.parse("rules", IpFamily.IPV4, new StringReader(text(rules))),
          new IpSets(host.clock(), host.work()),
          Optional.of(nat));
      host.sink(
          new PacketSink() {
            @Override
            public void emitted(Device out, Packet packet) {
              passed = true;
            }

            @Override
            public void delivered(Packet packet) {}
          });
    }

    private static ConfiguredNetwork network() {
      return ConfiguredNetwork.builder()
          .device(ETH0)
          .device(ETH1)
          .addressWithRoutes(DeviceAddress.of(ETH0, "10.0.1.1/24"))
          .addressWithRoutes(DeviceAddress.of(ETH1, "10.0.2.1/24"))
          .route(route("10.1.0.0", ETH0, "10.0.1.2"))
          .route(route("10.2.0.0", ETH1, "10.0.2.2"))
          .build();
    }

    private static RouteEntry route(String network, Device device, String gateway) {
      return RouteEntry.unicast(
          IpPrefix.of(IpAddress.parse(network), 16), device, IpAddress.parse(gateway));
    }

    private static String text(String rules) {
      Map<String, StringBuilder> tables = new TreeMap<>();
      String table = "filter";
      for (String rule : Splitter.on(" | ").split(rules)) {
        if (rule.startsWith("*")) {
          table = rule.substring(1);
        } else {
          tables.computeIfAbsent(table, name -> new StringBuilder()).append(rule).append('\n');
        }
      }
      StringBuilder text = new StringBuilder();
      tables.forEach(
          (name, lines) -> {
            text.append('*').append(name).append('\n');
            text.append(name.equals("filter") ? ":FORWARD DROP\n" : "");
            text.append(lines).append("COMMIT\n");
          });
      return text.toString();
    }

    boolean passes(String text) {
      List<String> words = Splitter.on(' ').splitToList(text);
      Map<String, String> fields = new TreeMap<>();
      for (String word : words.subList(1, words.size())) {
        int equals = word.indexOf('=');
        fields.put(word.substring(0, equals), word.substring(equals + 1));
      }
      host.clock().advanceTo(Long.parseLong(words.get(0)) * 1_000_000);
      passed = false;
      host.receive(
          packet(fields), fields.getOrDefault("inject", "eth0").equals("eth0") ? ETH0 : ETH1);
      return passed;
    }

    private static Packet packet(Map<String, String> fields) {
      Packet packet =
          new Packet()
              .addresses(
                  IpAddress.parse(fields.getOrDefault("src", "10.1.0.5")),
                  IpAddress.parse(fields.getOrDefault("dst", "10.2.0.5")))
              .ttl(number(fields, "ttl", 64))
              .payloadLength(number(fields, "len", 0));
      switch (fields.getOrDefault("proto", "udp")) {
        case "icmp" ->
            packet
                .protocol(IpProtocol.ICMP)
                .icmpType(number(fields, "type", 8))
                .icmpCode(number(fields, "code", 0))
                .icmpId(number(fields, "id", 0));
        case "tcp" ->
            ports(packet.protocol(IpProtocol.TCP), fields)
                .tcpFlags(TcpFlags.parseLetters(fields.getOrDefault("flags", "")))
                .tcpSequence(number(fields, "seq", 0))
                .tcpAcknowledgment(number(fields, "ack", 0));
        default -> ports(packet.protocol(IpProtocol.UDP), fields);
      }
      return packet;
    }

    private static Packet ports(Packet packet, Map<String, String> fields) {
      return packet.ports(number(fields, "sport", 1000), number(fields, "dport", 80));
    }

    private static int number(Map<String, String> fields, String name, int absent) {
      return Integer.parseInt(fields.getOrDefault(name, Integer.toString(absent)));
    }
  }
}
