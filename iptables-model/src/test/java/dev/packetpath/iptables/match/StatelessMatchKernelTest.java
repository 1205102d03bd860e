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

  /** Where rules stand and packets pass: each rule is tried on each packet of its place. */
  record Place(IpFamily family, String chain) {
    static Place read(List<String> words) {
      return new Place(words.get(1).equals("4") ? IpFamily.IPV4 : IpFamily.IPV6, words.get(2));
    }
  }

  /** What the rules say of a packet: {@code +} matched, {@code !} dropped, absent neither. */
  record Case(Place place, Device in, Packet packet, Map<Integer, String> outcomes) {
    static Case read(List<String> words) {
      Packet packet = WireFormat.decode(BaseEncoding.base16().lowerCase().decode(words.get(6)));
      packet.linkType(LinkType.valueOf(words.get(5)));
      Device in = Device.NONE;
      if (words.get(3).equals("local")) {
        packet.ownerUid(0).ownerGid(0);
      } else {
        packet.sourceMac(MacAddress.parse(words.get(4)).bits());
        in = words.get(3).equals("eth0") ? ETH0 : ETH1;
      }
      return new Case(Place.read(words), in, packet, new HashMap<>());
    }

    void pass(Host host) {
      if (in.exists()) {
        host.receive(packet.copy(), in);
      } else {
        host.send(packet.copy());
      }
    }
  }

  record Tried(Place place, int number, String text, List<Case> cases) {
    @Override
    public String toString() {
      return place.family + " " + place.chain + " " + text;
    }
  }

  static Stream<Tried> rules() throws IOException {
    List<Tried> rules = new ArrayList<>();
    List<Case> cases = new ArrayList<>();
    Map<Place, Integer> numbers = new HashMap<>();
    for (String line :
        Resources.readLines(
            Resources.getResource(StatelessMatchKernelTest.class, "stateless-match-kernel.txt"),
            UTF_8)) {
      List<String> words = SPACE.splitToList(line);
      switch (words.get(0)) {
        case "R" -> {
          Place place = Place.read(words);
          String rule = SPACE.limit(4).splitToList(line).get(3);
          rules.add(new Tried(place, numbers.merge(place, 1, Integer::sum), rule, cases));
        }
        case "P" -> cases.add(Case.read(words));
        case "+", "!" -> {
          Case last = cases.get(cases.size() - 1);
          words.stream()
              .skip(1)
              .forEach(number -> last.outcomes.put(Integer.valueOf(number), words.get(0)));
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
    String text = "*raw\n-A %1$s %2$s\n-A %1$s\nCOMMIT\n".formatted(rule.place.chain, rule.text);
    Iptables tables =
        Iptables.attach(
            host,
            RestoreParser.parse("rule", rule.place.family, new StringReader(text)),
            new IpSets(host.clock(), host.work()),
            Optional.empty());
    List<String> wrong = new ArrayList<>();
    for (Case one : rule.cases) {
      if (one.place.equals(rule.place)) {
        long matched = packets(tables, rule, 0);
        long passed = packets(tables, rule, 1);
        one.pass(host);
        String outcome = packets(tables, rule, 0) > matched ? "+" : "-";
        if (packets(tables, rule, 1) == passed) {
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

  private static long packets(Iptables tables, Tried rule, int index) {
    List<Rule> rules =
        tables.tables().get(0).snapshot().chains().stream()
            .filter(chain -> chain.name().equals(rule.place.chain))
            .findFirst()
            .orElseThrow()
            .rules();
    return rules.get(index).counters().packets();
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
