package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.Hook;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Fragments;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.Pieces;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.core.testing.Exits;
import dev.packetpath.core.testing.TwoLinks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HostTest {
  private static final Device ETH0 = TwoLinks.ETH0;
  private static final Device ETH1 = TwoLinks.ETH1;
  private static final Network NETWORK =
      TwoLinks.network()
          .addressWithRoutes(DeviceAddress.of(Device.lo(), "::1/128"))
          .route(RouteEntry.unicast(IpPrefix.parse("0.0.0.0/0"), ETH1, IpAddress.parse("10.0.2.2")))
          .build();

  private final List<String> way = new ArrayList<>();
  private final List<Packet> out = new ArrayList<>();

  @Test
  void forwardedPacketsPassThreeHooksAndLoseOneHop() {
    Packet packet = tcp("10.0.1.7", "8.8.8.8", TcpFlags.SYN).ttl(9);
    host("").receive(packet, ETH0);
    assertThat(way)
        .containsExactly(
            "PREROUTING in=eth0 out=- ttl=9",
            "FORWARD in=eth0 out=eth1 ttl=8",
            "POSTROUTING in=eth0 out=eth1 ttl=8",
            "eth1 tcp 10.0.1.7:1000 > 8.8.8.8:80 syn");
  }

  @Test
  void packetsForThisHostPassInput() {
    host("").receive(tcp("10.0.1.7", "10.0.2.1", TcpFlags.SYN), ETH0);
    assertThat(way)
        .containsExactly(
            "PREROUTING in=eth0 out=- ttl=64",
            "INPUT in=eth0 out=- ttl=64",
            "local tcp 10.0.1.7:1000 > 10.0.2.1:80 syn");
  }

  @Test
  void packetsToAnAddressOfThisHostGoOverLoopback() {
    assertThat(host("").send(tcp("10.0.1.1", "10.0.2.1", TcpFlags.SYN))).isEqualTo(Errno.OK);
    assertThat(way)
        .containsExactly(
            "OUTPUT in=- out=lo ttl=64",
            "POSTROUTING in=- out=lo ttl=64",
            "PREROUTING in=lo out=- ttl=64",
            "INPUT in=lo out=- ttl=64",
            "local tcp 10.0.1.1:1000 > 10.0.2.1:80 syn");
  }

  @Test
  void aPacketWithoutSourceGetsThatOfItsRoute() {
    host("").send(tcp("0.0.0.0", "8.8.8.8", TcpFlags.SYN));
    assertThat(way).endsWith("eth1 tcp 10.0.2.1:1000 > 8.8.8.8:80 syn");
  }

  @Test
  void aDropTellsTheSender() {
    Host host = host("");
    host.hooks().register(IpFamily.IPV4, Hook.OUTPUT, 0, "drop", (packet, state) -> Verdict.DROP);
    assertThat(host.send(tcp("10.0.1.1", "8.8.8.8", TcpFlags.SYN))).isEqualTo(Errno.EPERM);
    assertThat(way).containsExactly("OUTPUT in=- out=eth1 ttl=64");
  }

  @Test
  void aHookMayChangeTheRouteButNotTheDeviceThatLaterFunctionsSee() {
    Host host = host("");
    host.hooks()
        .register(
            IpFamily.IPV4,
            Hook.OUTPUT,
            -100,
            "dnat",
            (packet, state) -> {
              packet.destination(IpAddress.parse("10.0.1.9"));
              return host.reroute(packet, "test") == Errno.OK ? Verdict.ACCEPT : Verdict.DROP;
            });
    host.send(tcp("10.0.1.1", "8.8.8.8", TcpFlags.SYN));
    assertThat(way)
        .containsExactly(
            "OUTPUT in=- out=eth1 ttl=64",
            "POSTROUTING in=- out=eth0 ttl=64",
            "eth0 tcp 10.0.1.1:1000 > 10.0.1.9:80 syn");
  }

  @Test
  void aPacketWhoseTimeRanOutIsAnsweredBeforeForward() {
    host("").receive(tcp("10.0.1.7", "8.8.8.8", TcpFlags.SYN).ttl(1), ETH0);
    assertThat(way.get(way.size() - 1))
        .isEqualTo(
            "eth0 icmp 10.0.1.1 > 10.0.1.7 type=11 code=0 (about tcp 10.0.1.7:1000 > 8.8.8.8:80"
                + " syn)");
    assertThat(way).noneMatch(step -> step.startsWith("FORWARD"));
    assertThat(out.get(0).tos()).isEqualTo(0xc0);
    assertThat(out.get(0).dontFragment()).isFalse();
  }

  @Test
  void aPacketTooLongThatMayNotBeCutIsAnsweredWithTheMtu() {
    host("").receive(tcp("10.0.1.7", "8.8.8.8", 0).dontFragment(true).payloadLength(1500), ETH0);
    assertThat(way.get(way.size() - 1)).contains("icmp 10.0.1.1 > 10.0.1.7 type=3 code=4");
    assertThat(out.get(0).icmpSequence()).isEqualTo(1500);
    assertThat(out.get(0).length()).isEqualTo(576);
  }

  @Test
  void aPacketTooLongThatMayBeCutLeavesInPieces() {
    host("").receive(tcp("10.0.1.7", "8.8.8.8", 0).payloadLength(2000), ETH0);
    assertThat(out).hasSize(2);
    assertThat(out.get(0).length()).isEqualTo(1500);
    assertThat(out.get(1).fragmentOffset()).isEqualTo(185);
    assertThat(out.get(0).length() - 20 + out.get(1).length() - 20).isEqualTo(2020);
  }

  @Test
  void fragmentsOfAnIpv4PacketPassInputAsOne() {
    Host host = host("");
    Packet whole = tcp("10.0.1.7", "10.0.1.1", 0).payloadLength(100).id(9);
    Fragments.of(whole, 68).forEach(piece -> host.receive(piece, ETH0));
    assertThat(way.stream().filter(step -> step.startsWith("PREROUTING"))).hasSize(3);
    assertThat(way.stream().filter(step -> step.startsWith("INPUT"))).hasSize(1);
    assertThat(out).hasSize(1).first().extracting(Packet::length).isEqualTo(140);
  }

  @Test
  void fragmentsOfAnIpv6PacketPassInputOneByOne() {
    Host host = host("");
    Packet whole = tcp("fd00:1::7", "fd00:1::1", 0).payloadLength(100).id(9);
    Fragments.of(whole, 96).forEach(piece -> host.receive(piece, ETH0));
    assertThat(way.stream().filter(step -> step.startsWith("INPUT"))).hasSize(3);
    assertThat(out).hasSize(3);
  }

  @Test
  void aPacketThatCameInPiecesGoesOverLoopbackInPieces() {
    Packet packet =
        tcp("fd00:1::1", "fd00:2::1", 0).payloadLength(100).pieces(Pieces.of(96, 48, 96));
    host("").send(packet);
    assertThat(way.stream().filter(step -> step.startsWith("OUTPUT"))).hasSize(1);
    assertThat(way.stream().filter(step -> step.startsWith("PREROUTING in=lo"))).hasSize(3);
  }

  @Test
  void anIpv6PacketTooLongIsAnswered() {
    host("").receive(tcp("fd00:1::7", "fd00:2::7", 0).payloadLength(1500), ETH0);
    assertThat(way.get(way.size() - 1)).contains("icmpv6 fd00:1::1 > fd00:1::7 type=2 code=0");
    assertThat(out.get(0).icmpSequence()).isEqualTo(1500);
  }

  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, 127.0.0.1",
    "127.0.0.1, 10.0.1.1",
    "224.0.0.1, 10.0.1.1",
    "255.255.255.255, 10.0.1.1",
    "0.0.0.0, 10.0.1.1",
    "10.0.2.1, 8.8.8.8",
    "10.0.1.7, 0.0.0.0",
  })
  void packetsWithAddressesThatCannotBeAreDropped(String source, String destination) {
    host("").receive(tcp(source, destination, TcpFlags.SYN), ETH0);
    assertThat(way).hasSize(1).first().asString().startsWith("PREROUTING");
  }

  @Test
  void routeLocalnetLetsLoopbackAddressesIn() {
    host("net.ipv4.conf.eth0.route_localnet").receive(tcp("10.0.1.7", "127.0.0.1", 0), ETH0);
    assertThat(way).endsWith("local tcp 10.0.1.7:1000 > 127.0.0.1:80");
  }

  @Test
  void aPacketOverLoopbackThatLosesItsRouteThereIsDropped() {
    Host host = host("");
    host.hooks()
        .register(
            IpFamily.IPV4,
            Hook.PREROUTING,
            -100,
            "dnat",
            (packet, state) -> {
              packet.destination(IpAddress.parse("10.0.1.9")).attach(Route.OF_PACKET, Route.NONE);
              return Verdict.ACCEPT;
            });
    host.send(tcp("10.0.2.1", "10.0.1.1", TcpFlags.SYN));
    assertThat(out).isEmpty();
  }

  @Test
  void acceptLocalLetsOwnAddressesIn() {
    host("net.ipv4.conf.all.accept_local").receive(tcp("10.0.2.1", "8.8.8.8", 0), ETH0);
    assertThat(way).endsWith("eth1 tcp 10.0.2.1:1000 > 8.8.8.8:80");
  }

  /** As Linux 6.18 does; 127.0.0.5 has no device, so without the filter nothing is looked up. */
  @ParameterizedTest
  @CsvSource({
    "0, 10.0.2.1, true",
    "1, 10.0.1.1, true",
    "1, 10.0.2.1, false",
    "2, 10.0.2.1, true",
    "0, 127.0.0.5, true",
    "1, 127.0.0.5, false",
    "2, 127.0.0.5, true",
  })
  void ownAddressesThatAreAcceptedStillComeTheRightWay(int filter, String source, boolean arrives) {
    Host host =
        Host.builder(NETWORK)
            .sysctls(
                new Sysctls(
                    ImmutableMap.of(
                        "net.ipv4.conf.all.accept_local",
                        "1",
                        "net.ipv4.conf.eth0.rp_filter",
                        Integer.toString(filter))))
            .build();
    host.sink(new Exits(this::record));
    host.receive(tcp(source, "255.255.255.255", 0), ETH0);
    assertThat(way).hasSize(arrives ? 1 : 0);
  }

  /** As Linux 6.18 does: an IGMP query may come from nowhere. */
  @Test
  void aHostWithoutAnAddressMaySendToAGroupOfTheLink() {
    host("").receive(tcp("0.0.0.0", "224.0.0.1", 0), ETH0);
    assertThat(way).endsWith("local tcp 0.0.0.0:1000 > 224.0.0.1:80");
  }

  @Test
  void theReversePathFilterDropsWhatCameTheWrongWay() {
    Host host = host("net.ipv4.conf.eth0.rp_filter");
    host.receive(tcp("9.9.9.9", "10.0.1.1", 0), ETH0);
    assertThat(way).hasSize(1);
    host.receive(tcp("10.0.1.7", "10.0.1.1", 0), ETH0);
    assertThat(way).endsWith("local tcp 10.0.1.7:1000 > 10.0.1.1:80");
  }

  @Test
  void aHostThatDoesNotForwardDropsInSilence() {
    Host host =
        Host.builder(NETWORK)
            .sysctls(new Sysctls(ImmutableMap.of("net.ipv4.ip_forward", "0")))
            .build();
    host.sink(new Exits(this::record));
    host.receive(tcp("10.0.1.7", "8.8.8.8", 0), ETH0);
    assertThat(out).isEmpty();
  }

  @Test
  void errorsToOnePeerAreLimitedToABurstOfSix() {
    Host host = host("");
    for (int i = 0; i < 10; i++) {
      host.receive(tcp("10.0.1.7", "8.8.8.8", 0).ttl(1), ETH0);
    }
    assertThat(out).hasSize(6);
    host.clock().advanceTo(2_000_000_000L);
    for (int i = 0; i < 10; i++) {
      host.receive(tcp("10.0.1.7", "8.8.8.8", 0).ttl(1), ETH0);
    }
    assertThat(out).hasSize(8);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1", "1, 0", "2, 0", "3, 0", "7, 0", "8, 1", "9, 0", "10, 0", "12, 0", "13, 1", "18, 1",
    "19, 0"
  })
  void errorsAreSentOnlyAboutSomeTypesOfIcmp(int type, int errors) {
    Packet packet = tcp("10.0.1.7", "8.8.8.8", 0).protocol(IpProtocol.ICMP).icmpType(type).ttl(1);
    host("").receive(packet, ETH0);
    assertThat(out).hasSize(errors);
  }

  @Test
  void thereIsNoErrorAboutAnError() {
    Packet error = tcp("10.0.1.7", "8.8.8.8", 0).protocol(IpProtocol.ICMP).icmpType(3).ttl(1);
    host("").receive(error, ETH0);
    assertThat(out).isEmpty();
    host("").receive(tcp("10.0.1.7", "8.8.8.8", 0).fragmentOffset(5).ttl(1), ETH0);
    assertThat(out).isEmpty();
  }

  @Test
  void aClosedPortAnswersWithAReset() {
    Host host = Host.builder(NETWORK).localSockets(LocalSockets.RST).build();
    host.sink(new Exits(this::record));
    host.receive(tcp("10.0.1.7", "10.0.1.1", TcpFlags.SYN).tcpSequence(41), ETH0);
    assertThat(way).endsWith("eth0 tcp 10.0.1.1:80 > 10.0.1.7:1000 rst ack");
    assertThat(out.get(1).tcpAcknowledgment()).isEqualTo(42);
    host.receive(tcp("10.0.1.7", "10.0.1.1", TcpFlags.RST), ETH0);
    assertThat(out).hasSize(3);
    host.receive(tcp("10.0.1.7", "10.0.1.1", TcpFlags.ACK).tcpAcknowledgment(7), ETH0);
    assertThat(way).endsWith("eth0 tcp 10.0.1.1:80 > 10.0.1.7:1000 rst");
    assertThat(out.get(4).tcpSequence()).isEqualTo(7);
  }

  private Host host(String setting) {
    ImmutableMap<String, String> settings =
        setting.isEmpty() ? ImmutableMap.of() : ImmutableMap.of(setting, "1");
    Host host = Host.builder(NETWORK).sysctls(new Sysctls(settings)).build();
    host.sink(new Exits(this::record));
    for (IpFamily family : IpFamily.values()) {
      for (Hook hook : Hook.values()) {
        host.hooks()
            .register(
                family,
                hook,
                -1000,
                "recorder",
                (packet, state) -> {
                  way.add(
                      hook + " in=" + state.in() + " out=" + state.out() + " ttl=" + packet.ttl());
                  return Verdict.ACCEPT;
                });
      }
    }
    return host;
  }

  private static Packet tcp(String source, String destination, int flags) {
    return new Packet()
        .addresses(IpAddress.parse(source), IpAddress.parse(destination))
        .ports(1000, 80)
        .tcpFlags(flags);
  }

  private void record(String where, Packet packet) {
    way.add(where + " " + packet);
    out.add(packet.copy());
  }
}
