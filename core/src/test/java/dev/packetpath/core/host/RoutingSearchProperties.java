package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.PacketArbitraries;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Holds routing decisions to a search of all rules and lines. */
final class RoutingSearchProperties {
  private static final List<Device> DEVICES =
      List.of(Device.lo(), Device.ethernet("eth0", 2), Device.ethernet("eth1", 3));
  private static final List<Integer> TABLES =
      List.of(RouteEntry.LOCAL_TABLE, RouteEntry.MAIN_TABLE, RouteEntry.DEFAULT_TABLE, 7);

  /** At the bounds of every prefix, packets and questions take the ways that the search finds. */
  @Property(tries = 300)
  void routesAreThoseOfASearch(
      @ForAll("entries") List<RouteEntry> entries,
      @ForAll("rules") List<RoutingRule> rules,
      @ForAll("packets") List<Packet> packets,
      @ForAll("devices") Device in) {
    ConfiguredNetwork network = network(entries, rules);
    for (Packet packet : withBounds(packets, entries)) {
      PlainRoutes plain =
          new PlainRoutes(entries, rules.isEmpty() ? RoutingRule.defaults(packet.family()) : rules);
      RouteQuery query = RouteQuery.of(packet, in);
      RouteQuery back = RouteQuery.back(packet, in, 1);
      assertThat(network.route(packet, in)).as("%s", query).isEqualTo(plain.route(query));
      assertThat(network.route(query)).as("%s", query).isEqualTo(plain.route(query));
      assertThat(network.routeBack(packet, in, 1)).as("%s", back).isEqualTo(plain.route(back));
      if (IpAddress.isOrdinary(packet.family(), packet.sourceHigh(), packet.sourceLow())) {
        assertThat(network.sourceType(packet)).isEqualTo(plain.localType(packet.source()));
      }
    }
  }

  private static ConfiguredNetwork network(List<RouteEntry> entries, List<RoutingRule> rules) {
    ConfiguredNetwork.Builder builder = ConfiguredNetwork.builder();
    DEVICES.forEach(builder::device);
    entries.forEach(builder::route);
    for (IpFamily family : IpFamily.values()) {
      rules.forEach(rule -> builder.rule(family, rule));
    }
    return builder.build();
  }

  /** Returns packets, and some more from and to the bounds of each line's prefix. */
  private static List<Packet> withBounds(List<Packet> packets, List<RouteEntry> entries) {
    List<Packet> all = new ArrayList<>(packets);
    for (RouteEntry entry : entries) {
      List<IpAddress> bounds = NearPrefixes.bounds(entry.prefix()).toList();
      for (int i = 0; i < bounds.size(); i++) {
        Packet packet = packets.get(i % packets.size()).copy();
        all.add(packet.addresses(bounds.get(i), bounds.get((i + 1) % bounds.size())));
      }
    }
    return all;
  }

  @Provide
  Arbitrary<List<RouteEntry>> entries() {
    return NearPrefixes.prefixes()
        .list()
        .ofMinSize(1)
        .ofMaxSize(15)
        .flatMap(RoutingSearchProperties::entries);
  }

  private static Arbitrary<List<RouteEntry>> entries(List<IpPrefix> prefixes) {
    return Combinators.combine(
            Arbitraries.of(TABLES),
            Arbitraries.of(prefixes),
            Arbitraries.oneOf(
                Arbitraries.just(AddressType.UNICAST), Arbitraries.of(AddressType.class)),
            Arbitraries.of(DEVICES),
            Arbitraries.of(0, 1, -1),
            Arbitraries.of(0, 0, 0, 0, 8))
        .as(
            (table, prefix, type, device, metric, tos) ->
                RouteEntry.builder(prefix)
                    .table(table)
                    .type(type)
                    .device(device)
                    .metric(metric)
                    .tos(prefix.family() == IpFamily.IPV4 ? tos : 0)
                    .build())
        .list()
        .ofMaxSize(40);
  }

  @Provide
  Arbitrary<List<RoutingRule>> rules() {
    Arbitrary<RoutingRule> plain =
        Combinators.combine(Arbitraries.integers().between(0, 9), Arbitraries.of(TABLES))
            .as((priority, table) -> RoutingRule.lookup(priority, table));
    Arbitrary<RoutingRule> marked =
        Arbitraries.of(TABLES).map(table -> RoutingRule.builder(5).mark(1, 1).table(table).build());
    return Arbitraries.oneOf(
        Arbitraries.just(List.of()),
        plain.list().ofMaxSize(4),
        Arbitraries.oneOf(plain, marked).list().ofMaxSize(4));
  }

  @Provide
  Arbitrary<List<Packet>> packets() {
    return Combinators.combine(
            PacketArbitraries.packets(),
            NearPrefixes.addresses(),
            NearPrefixes.addresses(),
            Arbitraries.integers().between(0, 1),
            Arbitraries.of(0, 8, 0x88))
        .as(
            (packet, source, destination, mark, tos) ->
                source.family() == destination.family()
                    ? packet.addresses(source, destination).mark(mark).tos(tos)
                    : packet.mark(mark).tos(tos))
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<Device> devices() {
    return Arbitraries.of(DEVICES.get(0), DEVICES.get(1), DEVICES.get(2), Device.NONE);
  }
}
