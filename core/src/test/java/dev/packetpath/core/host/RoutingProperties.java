package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.PacketArbitraries;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class RoutingProperties {
  private static final List<Device> DEVICES =
      List.of(Device.lo(), Device.ethernet("eth0", 2), Device.ethernet("eth1", 3));
  private static final List<Integer> TABLES =
      List.of(RouteEntry.LOCAL_TABLE, RouteEntry.MAIN_TABLE, RouteEntry.DEFAULT_TABLE, 7);

  /** A look-up through the table's trie is a search of its lines, the best first. */
  @Property(tries = 500)
  void theBestLineWins(
      @ForAll("entries") List<RouteEntry> entries,
      @ForAll("packets") Packet packet,
      @ForAll("devices") Device out) {
    Comparator<RouteEntry> best =
        Comparator.comparing((RouteEntry entry) -> -entry.prefix().length())
            .thenComparing(entry -> -entry.tos())
            .thenComparing(RouteEntry::metric, Integer::compareUnsigned);
    List<RouteEntry> ofFamily =
        entries.stream()
            .filter(entry -> entry.prefix().family() == packet.family())
            .filter(entry -> entry.table() == RouteEntry.MAIN_TABLE)
            .sorted(best)
            .toList();
    Optional<RouteEntry> expected =
        ofFamily.stream()
            .filter(entry -> entry.prefix().contains(packet.destination()))
            .filter(entry -> entry.tos() == 0 || entry.tos() == (packet.tos() & 0x1c))
            .filter(entry -> !out.exists() || entry.device().equals(out))
            .findFirst();
    RouteWay found =
        new RoutingTable(packet.family(), ofFamily, Device.lo())
            .find(packet.destinationHigh(), packet.destinationLow(), packet.tos(), out);
    assertThat(found.entry()).isEqualTo(expected.orElse(RouteWay.NONE.entry()));
  }

  /** The ways that do not allocate give the answers of the general question. */
  @Property(tries = 500)
  void packetsAreRoutedAsQuestionsAre(
      @ForAll("entries") List<RouteEntry> entries,
      @ForAll("rules") List<RoutingRule> rules,
      @ForAll("packets") Packet packet,
      @ForAll("devices") Device in) {
    ConfiguredNetwork.Builder builder = ConfiguredNetwork.builder();
    DEVICES.forEach(builder::device);
    entries.forEach(builder::route);
    rules.forEach(rule -> builder.rule(packet.family(), rule));
    Network network = builder.build();
    assertThat(network.route(packet, in)).isEqualTo(network.route(RouteQuery.of(packet, in)));
    assertThat(network.routeBack(packet, in, 1))
        .isEqualTo(network.route(RouteQuery.back(packet, in, 1)));
    assertThat(network.sourceType(packet))
        .isEqualTo(network.addressType(packet.source(), Device.NONE));
  }

  @Provide
  Arbitrary<List<RouteEntry>> entries() {
    return Combinators.combine(
            Arbitraries.of(TABLES),
            addresses(),
            Arbitraries.integers().between(0, 128),
            Arbitraries.of(AddressType.class),
            Arbitraries.of(DEVICES),
            Arbitraries.integers().between(0, 2),
            Arbitraries.of(0, 0, 8))
        .as(
            (table, address, length, type, device, metric, tos) ->
                RouteEntry.builder(IpPrefix.of(address, Math.min(length, address.family().bits())))
                    .table(table)
                    .type(type)
                    .device(device)
                    .metric(metric)
                    .tos(tos)
                    .build())
        .list()
        .ofMaxSize(30)
        .uniqueElements(
            entry -> List.of(entry.table(), entry.prefix(), entry.tos(), entry.metric()));
  }

  @Provide
  Arbitrary<List<RoutingRule>> rules() {
    Arbitrary<RoutingRule> plain =
        Combinators.combine(Arbitraries.integers().between(0, 9), Arbitraries.of(TABLES))
            .as((priority, table) -> RoutingRule.lookup(priority, table));
    Arbitrary<RoutingRule> marked =
        plain.map(
            rule ->
                RoutingRule.builder(rule.priority())
                    .mark(1, 1)
                    .action(rule.action())
                    .table(rule.table())
                    .build());
    return Arbitraries.oneOf(
        plain.list().ofMaxSize(4), Arbitraries.oneOf(plain, marked).list().ofMaxSize(4));
  }

  @Provide
  Arbitrary<Packet> packets() {
    return Combinators.combine(
            PacketArbitraries.packets(),
            addresses(),
            addresses(),
            Arbitraries.integers().between(0, 1))
        .as(
            (packet, source, destination, mark) ->
                source.family() == destination.family()
                    ? packet.addresses(source, destination).mark(mark)
                    : packet.mark(mark));
  }

  @Provide
  Arbitrary<Device> devices() {
    return Arbitraries.of(DEVICES.get(0), DEVICES.get(1), DEVICES.get(2), Device.NONE);
  }

  /** Ordinary addresses, and the ones that are special. */
  private static Arbitrary<IpAddress> addresses() {
    Arbitrary<IpAddress> special =
        Arbitraries.of(
                "0.0.0.0",
                "0.0.0.1",
                "127.0.0.1",
                "127.9.9.9",
                "224.0.0.1",
                "239.1.1.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::2",
                "ff02::1",
                "fe80::1")
            .map(IpAddress::parse);
    return Arbitraries.oneOf(
        PacketArbitraries.addresses(IpFamily.IPV4),
        PacketArbitraries.addresses(IpFamily.IPV6),
        special);
  }
}
