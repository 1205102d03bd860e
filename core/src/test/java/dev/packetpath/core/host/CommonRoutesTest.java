package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That routes are known without a search of the tables wherever packets do not differ. */
final class CommonRoutesTest {
  private static final Device ETH0 = Device.ethernet("eth0", 2);
  private static final Device ETH1 = Device.ethernet("eth1", 3);
  private static final Route NO_ROUTE = Route.failing(AddressType.UNSPEC, Errno.ENETUNREACH);

  @Test
  void theFirstTableThatHasARouteGivesIt() {
    RoutingTable first = table(unicast("10.0.1.0/24", ETH0));
    RoutingTable second = table(unicast("10.0.1.128/25", ETH1), unicast("0.0.0.0/1", ETH1));
    CommonRoutes routes = CommonRoutes.of(ImmutableList.of(first, second), NO_ROUTE);
    assertThat(to(routes, "10.0.1.200").device()).isEqualTo(ETH0);
    assertThat(to(routes, "10.0.2.1").device()).isEqualTo(ETH1);
    assertThat(to(routes, "192.0.2.1")).isSameAs(NO_ROUTE);
  }

  @Test
  void whatATableThrowsTheNextOneRoutes() {
    RouteEntry thrown =
        RouteEntry.builder(IpPrefix.parse("10.0.1.0/24")).type(AddressType.THROW).build();
    RoutingTable first = table(thrown, unicast("10.0.0.0/16", ETH0));
    RoutingTable second = table(unicast("10.0.0.0/8", ETH1));
    CommonRoutes routes = CommonRoutes.of(ImmutableList.of(first, second), NO_ROUTE);
    assertThat(to(routes, "10.0.1.1").device()).isEqualTo(ETH1);
    assertThat(to(routes, "10.0.2.1").device()).isEqualTo(ETH0);
  }

  @Test
  void aTypeOfServiceMakesADifferenceWithinItsPrefixAlone() {
    RouteEntry lowDelay =
        RouteEntry.builder(IpPrefix.parse("10.0.1.0/24")).device(ETH1).tos(0x10).build();
    RoutingTable table = table(lowDelay, unicast("10.0.0.0/8", ETH0));
    CommonRoutes routes = CommonRoutes.of(ImmutableList.of(table), NO_ROUTE);
    assertThat(to(routes, "10.0.1.1")).isSameAs(Route.NONE);
    assertThat(to(routes, "10.0.2.1").device()).isEqualTo(ETH0);
  }

  @Test
  void equalWaysOfIpv6MakeADifference() {
    RoutingTable table =
        new RoutingTable(
            IpFamily.IPV6,
            List.of(
                unicast("fe80::/64", ETH0), unicast("fe80::/64", ETH1), unicast("fd00::/8", ETH0)),
            Device.lo());
    CommonRoutes routes = CommonRoutes.of(ImmutableList.of(table), NO_ROUTE);
    assertThat(to(routes, "fe80::1")).isSameAs(Route.NONE);
    assertThat(to(routes, "fd00::1").device()).isEqualTo(ETH0);
  }

  private static RouteEntry unicast(String prefix, Device device) {
    IpPrefix parsed = IpPrefix.parse(prefix);
    return RouteEntry.unicast(parsed, device, IpAddress.any(parsed.family()));
  }

  private static RoutingTable table(RouteEntry... entries) {
    return new RoutingTable(IpFamily.IPV4, List.of(entries), Device.lo());
  }

  private static Route to(CommonRoutes routes, String address) {
    IpAddress parsed = IpAddress.parse(address);
    return routes.to(parsed.high(), parsed.low());
  }
}
