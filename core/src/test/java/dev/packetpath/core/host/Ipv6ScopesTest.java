package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups and addresses of one link, as a kernel 6.18 did with the same addresses and routes. */
final class Ipv6ScopesTest {
  private static final Device ETH0 = Device.ethernet("eth0", 2);
  private static final Device ETH1 = Device.ethernet("eth1", 3);
  private static final Network NETWORK =
      ConfiguredNetwork.builder()
          .device(Device.lo())
          .device(ETH0)
          .device(ETH1)
          .addressWithRoutes(DeviceAddress.of(Device.lo(), "::1/128"))
          .addressWithRoutes(DeviceAddress.of(ETH0, "fd00:1::1/64"))
          .addressWithRoutes(DeviceAddress.of(ETH1, "fd00:2::1/64"))
          .route(RouteEntry.local(IpPrefix.parse("fd00:2::/128"), AddressType.ANYCAST, ETH1))
          .route(route("fd01::/16", ETH0, "fd00:1::2"))
          .route(route("::/0", ETH1, "fd00:2::2"))
          .build();

  private final List<String> way = new ArrayList<>();

  private static RouteEntry route(String prefix, Device device, String gateway) {
    return RouteEntry.unicast(IpPrefix.parse(prefix), device, IpAddress.parse(gateway));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff02::1", "ff02::2", "ff02::1:ff00:1"})
  void groupsThatTheKernelJoinsAreDelivered(String group) {
    host().receive(udp("fd01::5", group), ETH0);
    assertThat(way).containsExactly("PREROUTING eth0 -", "INPUT eth0 -", "local");
  }

  @Test
  void theAnycastAddressOfANetworkIsOneOfTheNodesOwn() {
    host().receive(udp("fd01::5", "fd00:2::"), ETH0);
    assertThat(way).containsExactly("PREROUTING eth0 -", "INPUT eth0 -", "local");
    way.clear();
    host().send(udp("fd00:1::1", "fd00:2::"));
    assertThat(way)
        .containsExactly(
            "OUTPUT - lo", "POSTROUTING - lo", "PREROUTING lo -", "INPUT lo -", "local");
  }

  @Test
  void anErrorAboutAPacketToAnAnycastAddressComesFromThere() {
    host()
        .sendIcmpError(
            udp("fd01::5", "fd00:2::"), ETH0, IcmpError.portUnreachable(IpFamily.IPV6), "test");
    assertThat(way).endsWith("eth0 fd00:2:: > fd01::5 type=1 code=4");
  }

  @Test
  void anErrorIsNotSentToAnAnycastAddress() {
    host().receive(udp("fd00:2::", "fd01::5").ttl(1), ETH1);
    assertThat(way).containsExactly("PREROUTING eth1 -");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff02::5", "ff0e::1", "ff02::1:ff00:2"})
  void otherGroupsAreDropped(String group) {
    host().receive(udp("fd01::5", group), ETH0);
    assertThat(way).containsExactly("PREROUTING eth0 -");
  }

  @ParameterizedTest
  @CsvSource({
    "ff02::1, fd00:1::1",
    "::1, fd00:1::1",
    "fd01::5, ::1",
    "fd01::5, ff01::1",
    "fd01::5, ff00::1"
  })
  void addressesThatCannotComeFromOutsideAreDroppedBeforeTheFirstHook(String from, String to) {
    host().receive(udp(from, to), ETH0);
    assertThat(way).isEmpty();
  }

  @Test
  void theHostHearsWhatItSendsToAllNodesFirst() {
    host().send(udp("fd00:2::1", "ff02::1"));
    assertThat(way)
        .containsExactly(
            "OUTPUT - eth1",
            "POSTROUTING - eth1",
            "PREROUTING eth1 -",
            "INPUT eth1 -",
            "local",
            "POSTROUTING - eth1",
            "eth1 fd00:2::1 > ff02::1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff00::5", "ff01::5", "ff11::1", "ff21::5"})
  void aGroupWithinAHostIsNotLetOutBehindTheLastHook(String group) {
    assertThat(host().send(udp("fd00:2::1", group))).isEqualTo(Errno.OK);
    assertThat(way).containsExactly("OUTPUT - eth1", "POSTROUTING - eth1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff01::1", "ff01::2"})
  void theHostAloneHearsWhatItSendsToItsOwnNodesAndRouters(String group) {
    host().send(udp("fd00:2::1", group));
    assertThat(way)
        .containsExactly(
            "OUTPUT - eth1",
            "POSTROUTING - eth1",
            "PREROUTING eth1 -",
            "INPUT eth1 -",
            "local",
            "POSTROUTING - eth1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff03::5", "ff12::5"})
  void widerGroupsLeave(String group) {
    host().send(udp("fd00:2::1", group));
    assertThat(way).endsWith("eth1 fd00:2::1 > " + group);
  }

  @Test
  void theUnspecifiedDestinationIsThisHost() {
    host().send(udp("fd00:1::1", "::"));
    assertThat(way).startsWith("OUTPUT - lo").endsWith("local");
  }

  @Test
  void anUnspecifiedSourceIsChosen() {
    host().send(udp("::", "fd01::5"));
    assertThat(way).endsWith("eth0 fd00:1::1 > fd01::5");
  }

  @Test
  void aLinkLocalDestinationIsLookedForOnTheDeviceItCameBy() {
    host().receive(udp("fd01::5", "fe80::1"), ETH0);
    assertThat(way).endsWith("eth0 fd00:1::1 > fd01::5 type=1 code=0");
    way.clear();
    host().receive(udp("fd02::5", "fe80::1"), ETH1);
    assertThat(way).endsWith("eth1 fd02::5 > fe80::1");
  }

  @Test
  void aLinkLocalSourceDoesNotLeaveItsLink() {
    host().receive(udp("fe80::5", "fd01::5"), ETH1);
    assertThat(way)
        .doesNotContain("FORWARD eth1 eth0")
        .endsWith("eth1 fd00:2::1 > fe80::5 type=1 code=2");
    way.clear();
    host().receive(udp("fe80::5", "8::8"), ETH1);
    assertThat(way).endsWith("eth1 fe80::5 > 8::8");
  }

  @Test
  void anUnspecifiedSourceIsNotForwarded() {
    host().receive(udp("::", "fd01::5"), ETH1);
    assertThat(way).containsExactly("PREROUTING eth1 -");
  }

  @Test
  void anErrorComesFromTheDeviceThatThePacketCameBy() {
    host()
        .sendIcmpError(udp("8::8", "9::9"), ETH0, IcmpError.portUnreachable(IpFamily.IPV6), "test");
    assertThat(way).endsWith("eth1 fd00:1::1 > 8::8 type=1 code=4");
  }

  private static Packet udp(String source, String destination) {
    return new Packet()
        .addresses(IpAddress.parse(source), IpAddress.parse(destination))
        .protocol(IpProtocol.UDP)
        .ports(1000, 53);
  }

  private Host host() {
    Host host = Host.builder(NETWORK).build();
    HookRecorder.attach(host, IpFamily.IPV6, way);
    host.sink(
        new PacketSink() {
          @Override
          public void emitted(Device device, Packet packet) {
            String error =
                packet.isIcmp() ? " type=" + packet.icmpType() + " code=" + packet.icmpCode() : "";
            way.add(device + " " + packet.source() + " > " + packet.destination() + error);
          }

          @Override
          public void delivered(Packet packet) {
            way.add("local");
          }
        });
    return host;
  }
}
