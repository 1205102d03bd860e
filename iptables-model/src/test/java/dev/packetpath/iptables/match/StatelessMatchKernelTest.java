package dev.packetpath.iptables.match;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.io.BaseEncoding;
import com.google.common.io.Resources;
import dev.packetpath.core.host.AddressType;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.MacAddress;
import dev.packetpath.core.packet.LinkType;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.WireFormat;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The matches against the real kernel: each rule of {@code stateless-match-kernel.txt} on each
 * packet recorded there.
 */
class StatelessMatchKernelTest {
  private static final Splitter SPACE = Splitter.on(' ');

  private static final Device ETH0 = Device.ethernet("eth0", 2);
  private static final Device ETH1 = Device.ethernet("eth1", 3);

  /** What a rule says of a packet: {@code +} matched, {@code !} dropped, {@code -} neither. */
  record Case(IpFamily family, Device in, Packet packet, Map<Integer, String> outcomes) {
    static Case read(String line) {
      List<String> words = SPACE.splitToList(line);
      Packet packet =
          WireFormat.decode(BaseEncoding.base16().lowerCase().decode(words.get(5)))
              .sourceMac(MacAddress.parse(words.get(3)).bits())
              .linkType(LinkType.valueOf(words.get(4)));
      return new Case(
          familyOf(words.get(1)),
          words.get(2).equals("eth0") ? ETH0 : ETH1,
          packet,
          new HashMap<>());
    }
  }

  record Tried(IpFamily family, int number, String text, List<Case> cases) {
    @Override
    public String toString() {
      return family + " " + text;
    }
  }

  private static IpFamily familyOf(String digit) {
    return digit.equals("4") ? IpFamily.IPV4 : IpFamily.IPV6;
  }

  static Stream<Tried> rules() throws IOException {
    List<Tried> rules = new ArrayList<>();
    List<Case> cases = new ArrayList<>();
    Map<IpFamily, Integer> numbers = new HashMap<>();
    for (String line :
        Resources.readLines(
            Resources.getResource(StatelessMatchKernelTest.class, "stateless-match-kernel.txt"),
            UTF_8)) {
      switch (line.charAt(0)) {
        case 'R' -> {
          IpFamily family = familyOf(line.substring(2, 3));
          rules.add(
              new Tried(family, numbers.merge(family, 1, Integer::sum), line.substring(4), cases));
        }
        case 'P' -> cases.add(Case.read(line));
        case '+', '!' -> {
          Case last = cases.get(cases.size() - 1);
          for (String number : SPACE.split(line.substring(2))) {
            last.outcomes.put(Integer.valueOf(number), line.substring(0, 1));
          }
        }
        default -> assertThat(line).startsWith("#");
      }
    }
    return rules.stream();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void matchesWhatTheKernelMatches(Tried rule) throws IOException {
    Host host = Host.builder(network()).build();
    String text = "*raw\n-A PREROUTING " + rule.text + "\n-A PREROUTING\nCOMMIT\n";
    Iptables tables =
        Iptables.attach(
            host,
            RestoreParser.parse("rule", rule.family, new StringReader(text)),
            new IpSets(host.clock(), host.work()),
            Optional.empty());
    List<String> wrong = new ArrayList<>();
    for (Case one : rule.cases) {
      if (one.family == rule.family) {
        long matched = packets(tables, 0);
        long passed = packets(tables, 1);
        host.receive(one.packet.copy(), one.in);
        String outcome = packets(tables, 0) > matched ? "+" : "-";
        if (packets(tables, 1) == passed) {
          outcome = "!";
        }
        String expected = one.outcomes.getOrDefault(rule.number, "-");
        if (!outcome.equals(expected)) {
          wrong.add(outcome + " instead of " + expected + ": " + one.packet);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static long packets(Iptables tables, int rule) {
    List<Rule> rules =
        tables.tables().get(0).snapshot().chains().stream()
            .filter(chain -> chain.name().equals("PREROUTING"))
            .findFirst()
            .orElseThrow()
            .rules();
    return rules.get(rule).counters().packets();
  }

  private static ConfiguredNetwork network() {
    ConfiguredNetwork.Builder network =
        ConfiguredNetwork.builder().device(Device.lo()).device(ETH0).device(ETH1);
    network.addressWithRoutes(DeviceAddress.of(Device.lo(), "127.0.0.1/8"));
    network.addressWithRoutes(DeviceAddress.of(Device.lo(), "::1/128"));
    network.addressWithRoutes(DeviceAddress.of(ETH0, "10.0.1.1/24"));
    network.addressWithRoutes(DeviceAddress.of(ETH1, "10.0.2.1/24"));
    network.addressWithRoutes(DeviceAddress.of(ETH0, "fd00:1::1/64"));
    network.addressWithRoutes(DeviceAddress.of(ETH1, "fd00:2::1/64"));
    for (Device device : List.of(ETH0, ETH1)) {
      String subnet = device.equals(ETH0) ? "fd00:1::" : "fd00:2::";
      network.route(RouteEntry.local(IpPrefix.parse(subnet + "/128"), AddressType.ANYCAST, device));
      network.route(RouteEntry.local(IpPrefix.parse("ff00::/8"), AddressType.MULTICAST, device));
    }
    route(network, "10.1.0.0/16", ETH0, "10.0.1.2");
    route(network, "10.2.0.0/16", ETH1, "10.0.2.2");
    route(network, "0.0.0.0/0", ETH1, "10.0.2.2");
    route(network, "fd01::/16", ETH0, "fd00:1::2");
    route(network, "fd02::/16", ETH1, "fd00:2::2");
    route(network, "::/0", ETH1, "fd00:2::2");
    return network.build();
  }

  private static void route(
      ConfiguredNetwork.Builder network, String prefix, Device device, String gateway) {
    network.route(RouteEntry.unicast(IpPrefix.parse(prefix), device, IpAddress.parse(gateway)));
  }
}
