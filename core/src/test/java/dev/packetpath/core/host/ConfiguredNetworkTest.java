package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.TwoLinks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfiguredNetworkTest {
  private static final Device LO = Device.lo();
  private static final Device ETH0 = Device.ethernet("eth0", 2);
  private static final Device ETH1 = Device.ethernet("eth1", 3);

  private final ConfiguredNetwork.Builder builder =
      ConfiguredNetwork.builder()
          .device(LO)
          .device(ETH0)
          .device(ETH1)
          .addressWithRoutes(DeviceAddress.of(LO, "127.0.0.1/8"))
          .addressWithRoutes(DeviceAddress.of(ETH0, "10.0.1.1/24"))
          .addressWithRoutes(DeviceAddress.of(ETH1, "10.0.2.1/24"))
          .addressWithRoutes(DeviceAddress.of(ETH1, "fd00:2::1/64"))
          .route(route("0.0.0.0/0", ETH1, "10.0.2.2", 100));

  @ParameterizedTest
  @CsvSource({
    "10.0.1.1, local",
    "127.9.9.9, local",
    "10.0.1.255, broadcast dev eth0",
    "10.0.1.7, dev eth0",
    "10.0.2.7, dev eth1",
    "8.8.8.8, dev eth1 via 10.0.2.2",
    "fd00:2::7, dev eth1",
    "fd00:2::1, local",
    "fd00:3::1, no route (ENETUNREACH)",
  })
  void theLongestPrefixWins(String destination, String route) {
    assertThat(lookUp(destination, 0, Device.NONE)).hasToString(route);
  }

  @Test
  void theLowestMetricWinsAmongEqualPrefixes() {
    builder.route(route("0.0.0.0/0", ETH0, "10.0.1.2", 50));
    assertThat(lookUp("8.8.8.8", 0, Device.NONE)).hasToString("dev eth0 via 10.0.1.2");
  }

  @Test
  void aRuleSendsMarkedPacketsToAnotherTable() {
    RoutingRule.defaults(IpFamily.IPV4).forEach(rule -> builder.rule(IpFamily.IPV4, rule));
    builder
        .rule(IpFamily.IPV4, marked(100, RoutingRule.Action.LOOKUP, 7))
        .route(
            RouteEntry.builder(IpPrefix.parse("0.0.0.0/0"))
                .table(7)
                .device(ETH0)
                .gateway(IpAddress.parse("10.0.1.9"))
                .build());
    assertThat(lookUp("8.8.8.8", 5, Device.NONE)).hasToString("dev eth0 via 10.0.1.9");
    assertThat(lookUp("8.8.8.8", 4, Device.NONE)).hasToString("dev eth1 via 10.0.2.2");
    assertThat(lookUp("10.0.1.1", 5, Device.NONE)).hasToString("local");
  }

  @ParameterizedTest
  @CsvSource({"BLACKHOLE, EINVAL", "UNREACHABLE, ENETUNREACH", "PROHIBIT, EACCES"})
  void aRuleRefuses(RoutingRule.Action action, Errno errno) {
    builder.rule(IpFamily.IPV4, marked(0, action, 0));
    assertThat(lookUp("8.8.8.8", 5, Device.NONE).failure()).isEqualTo(errno);
  }

  @ParameterizedTest
  @CsvSource({"BLACKHOLE, EINVAL", "UNREACHABLE, EHOSTUNREACH", "PROHIBIT, EACCES"})
  void aRouteRefuses(AddressType type, Errno errno) {
    builder.route(RouteEntry.builder(IpPrefix.parse("8.0.0.0/8")).type(type).build());
    assertThat(lookUp("8.8.8.8", 0, Device.NONE).failure()).isEqualTo(errno);
  }

  @Test
  void throwGoesOnWithTheNextRule() {
    RoutingRule.defaults(IpFamily.IPV4).forEach(rule -> builder.rule(IpFamily.IPV4, rule));
    builder
        .rule(IpFamily.IPV4, marked(100, RoutingRule.Action.LOOKUP, 7))
        .route(
            RouteEntry.builder(IpPrefix.parse("0.0.0.0/0"))
                .table(7)
                .type(AddressType.THROW)
                .build());
    assertThat(lookUp("8.8.8.8", 5, Device.NONE)).hasToString("dev eth1 via 10.0.2.2");
  }

  @Test
  void anOutDeviceNarrowsTheChoice() {
    builder.route(route("0.0.0.0/0", ETH0, "10.0.1.2", 900));
    assertThat(lookUp("8.8.8.8", 0, ETH0)).hasToString("dev eth0 via 10.0.1.2");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.1.1, -, LOCAL",
    "10.0.1.1, eth0, LOCAL",
    "10.0.1.1, eth1, UNICAST",
    "127.0.0.1, -, LOCAL",
    "10.0.1.255, -, BROADCAST",
    "0.0.0.0, -, BROADCAST",
    "255.255.255.255, -, BROADCAST",
    "224.0.0.5, -, MULTICAST",
    "8.8.8.8, -, UNICAST",
  })
  void theTypeOfAnAddressIsThatOfTheLocalTable(String address, String device, AddressType type) {
    Device limit = device.equals("-") ? Device.NONE : builder.build().device(device);
    assertThat(builder.build().addressType(IpAddress.parse(address), limit)).isEqualTo(type);
  }

  @Test
  void theSourceIsTheAddressOnTheLinkOfTheNextHop() {
    builder.address(DeviceAddress.of(ETH1, "192.168.9.1/24"));
    ConfiguredNetwork network = builder.build();
    assertThat(network.selectSource(ETH1, IpAddress.parse("192.168.9.7")))
        .hasToString("192.168.9.1");
    assertThat(network.selectSource(ETH1, IpAddress.parse("10.0.2.2"))).hasToString("10.0.2.1");
    assertThat(network.selectSource(ETH1, IpAddress.parse("1.1.1.1"))).hasToString("10.0.2.1");
    assertThat(network.primaryAddress(ETH0, IpFamily.IPV4)).hasToString("10.0.1.1");
    assertThat(network.primaryAddress(ETH0, IpFamily.IPV6)).hasToString("::");
  }

  @Test
  void theSourceTowardsAnOwnIpv6AddressIsThatAddress() {
    builder.addressWithRoutes(DeviceAddress.of(LO, "::1/128"));
    ConfiguredNetwork network = builder.build();
    assertThat(network.selectSource(LO, IpAddress.parse("fd00:2::1"))).hasToString("fd00:2::1");
    assertThat(network.selectSource(LO, IpAddress.parse("::1"))).hasToString("::1");
    assertThat(network.selectSource(LO, IpAddress.parse("10.0.2.1"))).hasToString("10.0.1.1");
  }

  private Route lookUp(String destination, int mark, Device out) {
    IpAddress address = IpAddress.parse(destination);
    return builder
        .build()
        .route(new RouteQuery(address, IpAddress.any(address.family()), 0, mark, Device.NONE, out));
  }

  private static RoutingRule marked(long priority, RoutingRule.Action action, long table) {
    return RoutingRule.builder(priority).mark(5, -1).action(action).table(table).build();
  }

  private static RouteEntry route(String prefix, Device device, String gateway, int metric) {
    return RouteEntry.builder(IpPrefix.parse(prefix))
        .device(device)
        .gateway(IpAddress.parse(gateway))
        .metric(metric)
        .build();
  }

  @Test
  void aRuleThatGoesToNoRuleIsPassedOver() {
    RoutingRule nowhere =
        RoutingRule.builder(1).action(RoutingRule.Action.GOTO).table(40_000).build();
    ConfiguredNetwork.Builder network = TwoLinks.network().rule(IpFamily.IPV4, nowhere);
    RoutingRule.defaults(IpFamily.IPV4).forEach(rule -> network.rule(IpFamily.IPV4, rule));
    Route route = network.build().route(RouteQuery.to(IpAddress.parse("10.0.1.9")));
    assertThat(route.device()).isEqualTo(TwoLinks.ETH0);
  }

  @Test
  void ofEqualIpv6RoutesAReceivedPacketTakesTheOneBackToItsDevice() {
    IpPrefix prefix = IpPrefix.parse("fd00::/64");
    Network network =
        TwoLinks.network()
            .route(RouteEntry.unicast(prefix, TwoLinks.ETH0, IpAddress.ANY_V6))
            .route(RouteEntry.unicast(prefix, TwoLinks.ETH1, IpAddress.ANY_V6))
            .build();
    Packet packet = new Packet().addresses(IpAddress.parse("fd01::1"), IpAddress.parse("fd00::9"));
    assertThat(network.route(packet, TwoLinks.ETH0).device()).isEqualTo(TwoLinks.ETH0);
    assertThat(network.route(packet, TwoLinks.ETH1).device()).isEqualTo(TwoLinks.ETH1);
    assertThat(network.route(packet, Device.NONE).device()).isEqualTo(TwoLinks.ETH0);
  }
}
