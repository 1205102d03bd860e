package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.Exits;
import dev.packetpath.core.testing.TwoLinks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Linux 6.18 sent to one peer at once, asked with veth pairs between two namespaces. */
final class IcmpErrorLimitsTest {
  private static final Device ETH0 = TwoLinks.ETH0;
  private static final Network NETWORK =
      TwoLinks.network()
          .addressWithRoutes(DeviceAddress.of(Device.lo(), "::1/128"))
          .addressWithRoutes(DeviceAddress.of(ETH0, "fd09::1/64"))
          .route(RouteEntry.unicast(IpPrefix.parse("8.0.0.0/8"), TwoLinks.ETH1, IpAddress.ANY_V4))
          .route(RouteEntry.unicast(IpPrefix.parse("fd08::/16"), TwoLinks.ETH1, IpAddress.ANY_V6))
          .route(failing("10.9.1.0/24", AddressType.UNREACHABLE))
          .route(failing("10.9.2.0/24", AddressType.PROHIBIT))
          .route(failing("10.9.3.0/24", AddressType.BLACKHOLE))
          .route(failing("fd09:1::/64", AddressType.UNREACHABLE))
          .route(failing("fd09:2::/64", AddressType.PROHIBIT))
          .route(failing("fd09:3::/64", AddressType.BLACKHOLE))
          .build();

  private final List<Packet> out = new ArrayList<>();

  private static RouteEntry failing(String prefix, AddressType type) {
    return RouteEntry.builder(IpPrefix.parse(prefix)).type(type).build();
  }

  private Host host(ImmutableMap<String, String> settings) {
    Host host = Host.builder(NETWORK).sysctls(new Sysctls(settings)).build();
    host.sink(new Exits((place, packet) -> out.add(packet.copy())));
    return host;
  }

  private static Packet udp(String to) {
    IpAddress destination = IpAddress.parse(to);
    boolean v4 = destination.family() == IpFamily.IPV4;
    return new Packet()
        .addresses(IpAddress.parse(v4 ? "10.0.1.7" : "fd09::7"), destination)
        .protocol(IpProtocol.UDP)
        .ports(1000, 2000)
        .ttl(64);
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 99.9.9.9, 2", "1000, 10.9.1.1, 2", "1000, 10.9.2.1, 2", "1000, 10.9.3.1, 0",
    "0, 99.9.9.9, 5", "0, 10.9.1.1, 5", "0, 10.9.2.1, 5", "0, 10.9.3.1, 0",
    "100, 99.9.9.9, 4", "1000, fdff::1, 6", "0, fdff::1, 40", "100, fdff::1, 6"
  })
  void routesThatFailHaveALimitOfTheirOwnInIpv4(String interval, String to, int errors) {
    Host host =
        host(
            ImmutableMap.of(
                "net.ipv4.icmp_ratelimit", interval, "net.ipv6.icmp.ratelimit", interval));
    for (int i = 0; i < 40; i++) {
      host.receive(udp(to), ETH0);
    }
    assertThat(out).hasSize(errors);
  }

  /** Of nine errors at once, with one token in a minute. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "8.8.8.8; 6168; 0-1,3-127; 1",
        "8.8.8.8; 0; 0-1,3-127; 9",
        "8.8.8.8; 2048; 0-1,3-127; 1",
        "8.8.8.8; 8; 0-1,3-127; 9",
        "fd08::8; 6168; 0-1,3-127; 1",
        "fd08::8; 6168; ''; 9",
        "fd08::8; 6168; 1; 9",
        "fd08::8; 6168; 0,2-3,129; 1"
      })
  void onlyTypesOfTheMaskAreLimited(String to, String maskV4, String maskV6, int errors) {
    Host host =
        host(
            ImmutableMap.of(
                "net.ipv4.icmp_ratelimit",
                "60000",
                "net.ipv6.icmp.ratelimit",
                "60000",
                "net.ipv4.icmp_ratemask",
                maskV4,
                "net.ipv6.icmp.ratemask",
                maskV6));
    for (int i = 0; i < 9; i++) {
      host.receive(udp(to).ttl(1), ETH0);
    }
    assertThat(out).hasSize(errors);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "3-", "5-2", "1;2"})
  void aMaskThatIsNoListOfNumbersIsRefused(String mask) {
    assertThatThrownBy(() -> host(ImmutableMap.of("net.ipv6.icmp.ratemask", mask)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("net.ipv6.icmp.ratemask: found \"" + mask);
  }

  @ParameterizedTest
  @CsvSource({"8.8.8.8, 12", "fd08::8, 12"})
  void pathMtuDiscoveryIsNotLimited(String to, int errors) {
    Host host = host(ImmutableMap.of());
    for (int i = 0; i < 12; i++) {
      host.receive(udp(to).dontFragment(true).payloadLength(2000), ETH0);
    }
    assertThat(out).hasSize(errors);
  }

  @Test
  void sendersOnThisHostAreNotLimited() {
    Host host = host(ImmutableMap.of());
    for (int i = 0; i < 12; i++) {
      Packet own = udp("8.8.8.8").source(IpAddress.parse("10.0.1.1"));
      host.sendIcmpError(own, Device.NONE, IcmpError.portUnreachable(IpFamily.IPV4), "test");
    }
    assertThat(out).hasSize(12);
  }

  @ParameterizedTest
  @CsvSource({
    "99.9.9.9, 0",
    "10.9.1.1, 1",
    "10.9.2.1, 13",
    "fdff::1, 0",
    "fd09:1::1, 0",
    "fd09:2::1, 1"
  })
  void theCodeTellsWhichRouteFailed(String to, int code) {
    host(ImmutableMap.of()).receive(udp(to), ETH0);
    assertThat(out).extracting(Packet::icmpCode).containsExactly(code);
  }

  @ParameterizedTest
  @CsvSource({"99.9.9.9, 0", "10.9.1.1, 0", "fdff::1, 1", "fd09:2::1, 1", "fd09:3::1, 0"})
  void onlyIpv6TellsItWhereNothingIsForwarded(String to, int errors) {
    host(ImmutableMap.of("net.ipv4.ip_forward", "0", "net.ipv6.conf.all.forwarding", "0"))
        .receive(udp(to), ETH0);
    assertThat(out).hasSize(errors);
  }

  @ParameterizedTest
  @CsvSource({"0, 10.0.2.1", "1, 10.0.1.1"})
  void theSourceIsThatOfTheWayBackOrOfTheDeviceThePacketCameInBy(String inbound, String source) {
    Host host =
        host(
            ImmutableMap.of(
                "net.ipv4.icmp_errors_use_inbound_ifaddr",
                inbound,
                "net.ipv4.conf.all.rp_filter",
                "0"));
    host.receive(udp("8.8.8.8").source(IpAddress.parse("8.8.4.4")).ttl(1), ETH0);
    assertThat(out).extracting(each -> each.source().toString()).containsExactly(source);
  }
}
