package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.IcmpError;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.Exits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Broadcasts and groups, as a kernel 6.18 did with the same addresses and routes. */
final class GroupRoutesTest {
  private static final Device ETH0 = Device.ethernet("eth0", 2);
  private static final Device ETH1 = Device.ethernet("eth1", 3);
  private static final Network NETWORK =
      ConfiguredNetwork.builder()
          .device(Device.lo())
          .device(ETH0)
          .device(ETH1)
          .addressWithRoutes(DeviceAddress.of(Device.lo(), "127.0.0.1/8"))
          .addressWithRoutes(DeviceAddress.of(ETH0, "10.0.1.1/24"))
          .route(RouteEntry.unicast(IpPrefix.parse("0.0.0.0/0"), ETH1, IpAddress.parse("10.0.2.2")))
          .build();

  private final List<String> way = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "10.0.1.7, 255.255.255.255", "10.0.1.7, 10.0.1.255", "10.0.1.7, 224.0.0.1",
    "0.0.0.0, 255.255.255.255", "0.0.0.0, 0.0.0.0", "0.0.0.7, 255.255.255.255"
  })
  void aBroadcastAndTheGroupOfAllHostsAreDelivered(String source, String destination) {
    host().receive(udp(source, destination), ETH0);
    assertThat(way).containsExactly("PREROUTING eth0 -", "INPUT eth0 -", "local");
  }

  @ParameterizedTest
  @ValueSource(strings = {"224.0.0.251", "239.1.2.3"})
  void aGroupThatNobodyJoinedIsDropped(String destination) {
    host().receive(udp("10.0.1.7", destination), ETH0);
    assertThat(way).containsExactly("PREROUTING eth0 -");
  }

  @ParameterizedTest
  @CsvSource({"224.0.0.1, true", "224.0.0.22, false", "239.1.2.3, false"})
  void groupMembershipMessagesAreDeliveredToMembersAlone(String destination, boolean delivered) {
    host().receive(udp("10.0.1.7", destination).protocol(IpProtocol.IGMP), ETH0);
    assertThat(way.contains("local")).isEqualTo(delivered);
  }

  @ParameterizedTest
  @ValueSource(strings = {"255.255.255.255", "10.0.1.255", "127.255.255.255"})
  void aSocketMayNotSendToBroadcastAddresses(String destination) {
    assertThat(host().send(udp("10.0.1.1", destination))).isEqualTo(Errno.EACCES);
    assertThat(way).isEmpty();
  }

  @Test
  void whatIsSentNowhereArrivesOverLoopback() {
    assertThat(host().send(udp("10.0.1.1", "0.0.0.0"))).isEqualTo(Errno.OK);
    assertThat(way)
        .containsExactly(
            "OUTPUT - lo", "POSTROUTING - lo", "PREROUTING lo -", "INPUT lo -", "local");
  }

  @ParameterizedTest
  @CsvSource({"0.1.2.3, 8.8.8.8", "10.0.1.7, 0.1.2.3"})
  void onlyTheUnspecifiedAddressOfItsNetworkIsSpecial(String source, String destination) {
    host().receive(udp(source, destination), ETH0);
    assertThat(way).endsWith("eth1");
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, false", "127.1.2.3, true"})
  void aBroadcastMayComeFromALoopbackAddressThatNoDeviceHas(String source, boolean delivered) {
    host().receive(udp(source, "255.255.255.255"), ETH0);
    assertThat(way.contains("local")).isEqualTo(delivered);
  }

  @Test
  void whatGoesToALoopbackAddressComesFromTheDevicesOwn() {
    Packet packet = udp("0.0.0.0", "127.4.5.6");
    host().send(packet);
    assertThat(packet.source()).hasToString("127.0.0.1");
  }

  @Test
  void theHostHearsItsOwnAnswerToABroadcastAddressFirst() {
    Host host = host();
    host.sendIcmpError(
        udp("10.0.1.255", "8.8.8.8"), ETH0, IcmpError.portUnreachable(IpFamily.IPV4), "test");
    assertThat(way)
        .containsExactly(
            "OUTPUT - eth0",
            "POSTROUTING - eth0",
            "PREROUTING eth0 -",
            "INPUT eth0 -",
            "local",
            "POSTROUTING - eth0",
            "eth0");
  }

  @Test
  void noErrorIsSentAboutABroadcast() {
    Host host = host();
    Packet packet = udp("10.0.1.7", "10.0.1.255");
    host.hooks()
        .register(
            IpFamily.IPV4,
            Hook.INPUT,
            0,
            "reject",
            (each, state) -> {
              host.sendIcmpError(
                  each, state.in(), IcmpError.portUnreachable(IpFamily.IPV4), "test");
              return Verdict.DROP;
            });
    host.receive(packet, ETH0);
    assertThat(way).doesNotContain("OUTPUT - eth0");
  }

  private static Packet udp(String source, String destination) {
    return new Packet()
        .addresses(IpAddress.parse(source), IpAddress.parse(destination))
        .protocol(IpProtocol.UDP)
        .ports(1000, 53);
  }

  /** As where the OUTPUT chain of mangle sets a mark. */
  @ParameterizedTest
  @CsvSource({
    "10.0.1.1, 224.0.0.5, OK, eth0",
    "0.0.0.0, 224.0.0.5, OK, eth0",
    "127.0.0.1, 224.0.0.5, OK, PREROUTING lo -",
    "10.0.9.9, 224.0.0.5, ENETUNREACH, OUTPUT - eth1",
    "10.0.9.9, 9.9.9.9, OK, eth1"
  })
  void aPacketToAGroupThatIsRoutedAgainLeavesByTheDeviceOfItsSource(
      String source, String destination, Errno told, String end) {
    Host host = host();
    host.hooks()
        .register(
            IpFamily.IPV4,
            Hook.OUTPUT,
            0,
            "mark",
            (packet, state) ->
                host.reroute(packet, "mark") == Errno.OK ? Verdict.ACCEPT : Verdict.DROP);
    assertThat(host.send(udp(source, destination))).isEqualTo(told);
    assertThat(way).last().asString().startsWith(end);
  }

  private Host host() {
    Host host = Host.builder(NETWORK).build();
    HookRecorder.attach(host, IpFamily.IPV4, way);
    host.sink(new Exits((where, packet) -> way.add(where)));
    return host;
  }
}
