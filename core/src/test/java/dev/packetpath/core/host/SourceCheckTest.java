package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.Exits;
import dev.packetpath.core.testing.TwoLinks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The check of the way back, as {@code ip route get … iif} of Linux 6.18 answers. */
final class SourceCheckTest {
  private static final Device ETH0 = TwoLinks.ETH0;
  private static final Device ETH1 = TwoLinks.ETH1;

  private final List<Packet> out = new ArrayList<>();

  private static ConfiguredNetwork.Builder network() {
    return TwoLinks.network()
        .route(RouteEntry.unicast(IpPrefix.parse("8.0.0.0/8"), ETH1, IpAddress.ANY_V4));
  }

  private static RoutingRule toTable(int mark, String in, int table) {
    return RoutingRule.builder(9).mark(mark, mark).in(in).table(table).build();
  }

  private boolean passes(
      ConfiguredNetwork.Builder network, ImmutableMap<String, String> settings, Packet packet) {
    Host host = Host.builder(network.build()).sysctls(new Sysctls(settings)).build();
    host.sink(new Exits((place, each) -> out.add(each)));
    host.receive(packet, ETH0);
    return !out.isEmpty();
  }

  private static Packet udp(String from, String to) {
    return new Packet()
        .addresses(IpAddress.parse(from), IpAddress.parse(to))
        .protocol(IpProtocol.UDP)
        .ports(1, 2)
        .ttl(64);
  }

  @ParameterizedTest
  @CsvSource({"1, 1, true", "0, 1, false", "1, 0, false"})
  void theMarkCountsWhereTheDeviceSaysSo(String setting, int mark, boolean passes) {
    ConfiguredNetwork.Builder network = network();
    RoutingRule.defaults(IpFamily.IPV4).forEach(rule -> network.rule(IpFamily.IPV4, rule));
    network.rule(IpFamily.IPV4, toTable(1, "", 7));
    IpPrefix all = IpPrefix.parse("0.0.0.0/0");
    network.route(RouteEntry.builder(all).table(7).device(ETH0).build());
    ImmutableMap<String, String> settings =
        ImmutableMap.of(
            "net.ipv4.conf.all.rp_filter", "1", "net.ipv4.conf.eth0.src_valid_mark", setting);

    assertThat(passes(network, settings, udp("9.9.9.9", "10.0.1.1").mark(mark))).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource({"lo, true", "eth0, false"})
  void theWayBackIsThatOfAPacketThatCameInWhereThisOneEnds(String in, boolean passes) {
    ConfiguredNetwork.Builder network = network();
    RoutingRule.defaults(IpFamily.IPV4).forEach(rule -> network.rule(IpFamily.IPV4, rule));
    network.rule(IpFamily.IPV4, toTable(0, in, 7));
    IpPrefix net = IpPrefix.parse("9.0.0.0/8");
    network.route(RouteEntry.builder(net).table(7).device(ETH0).build());
    ImmutableMap<String, String> settings = ImmutableMap.of("net.ipv4.conf.all.rp_filter", "1");

    assertThat(passes(network, settings, udp("9.9.9.9", "10.0.1.1"))).isEqualTo(passes);
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, false", "2, true"})
  void ownAddressesOfAnotherDeviceAreAcceptedUnlessTheFilterIsStrict(String mode, boolean passes) {
    ImmutableMap<String, String> settings =
        ImmutableMap.of(
            "net.ipv4.conf.all.rp_filter", mode, "net.ipv4.conf.eth0.accept_local", "1");

    assertThat(passes(network(), settings, udp("10.0.2.1", "10.0.1.1"))).isEqualTo(passes);
  }

  @Test
  void localRoutesThatSomebodyAddedAreLocalSourcesToo() {
    ConfiguredNetwork.Builder network =
        network()
            .route(RouteEntry.local(IpPrefix.parse("9.9.0.0/16"), AddressType.LOCAL, Device.lo()));

    assertThat(passes(network, ImmutableMap.of(), udp("9.9.9.9", "10.0.1.1"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, false"})
  void aBroadcastAddressIsASourceUntilTheWayBackIsLookedUp(String mode, boolean passes) {
    ImmutableMap<String, String> settings = ImmutableMap.of("net.ipv4.conf.all.rp_filter", mode);

    assertThat(passes(network(), settings, udp("10.0.1.255", "8.8.8.8"))).isEqualTo(passes);
  }

  @Test
  void theLooseFilterAsksForAnAddressOnTheDevice() {
    ConfiguredNetwork.Builder unnumbered =
        ConfiguredNetwork.builder()
            .device(Device.lo())
            .device(ETH0)
            .device(ETH1)
            .addressWithRoutes(DeviceAddress.of(ETH1, "10.0.2.1/24"));
    ImmutableMap<String, String> settings = ImmutableMap.of("net.ipv4.conf.all.rp_filter", "2");

    assertThat(passes(unnumbered, settings, udp("10.0.2.9", "10.0.2.1"))).isFalse();
  }
}
