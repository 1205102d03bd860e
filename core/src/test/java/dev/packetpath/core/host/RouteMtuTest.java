package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.Pieces;
import dev.packetpath.core.testing.Exits;
import dev.packetpath.core.testing.TwoLinks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routes by eth1 that allow 600 and, for IPv6, 1,290 bytes, as Linux 6.18 took them. */
final class RouteMtuTest {
  private static final Device ETH0 = TwoLinks.ETH0;
  private static final Device ETH1 = TwoLinks.ETH1;

  private final List<String> way = new ArrayList<>();
  private final List<Packet> out = new ArrayList<>();
  private final Host host =
      Host.builder(
              TwoLinks.network()
                  .route(narrow("9.0.0.0/8", 600))
                  .route(narrow("fd09::/16", 1_290))
                  .build())
          .build();

  RouteMtuTest() {
    host.sink(
        new Exits(
            (place, packet) -> {
              way.add(place);
              out.add(packet.copy());
            }));
  }

  private static RouteEntry narrow(String prefix, int mtu) {
    return RouteEntry.builder(IpPrefix.parse(prefix)).device(ETH1).mtu(mtu).build();
  }

  private static Packet udp(String from, String to, int bytes) {
    return new Packet()
        .addresses(IpAddress.parse(from), IpAddress.parse(to))
        .protocol(IpProtocol.UDP)
        .payloadLength(bytes);
  }

  @ParameterizedTest
  @CsvSource({"true, eth0", "false, eth1"})
  void aRouteMayAllowLessThanItsDevice(boolean dontFragment, String end) {
    host.receive(udp("10.0.1.7", "9.9.9.9", 700).dontFragment(dontFragment), ETH0);
    assertThat(way).containsOnly(end);
    if (dontFragment) {
      assertThat(out.get(0).icmpSequence()).isEqualTo(600);
    } else {
      assertThat(out).hasSize(2).allMatch(each -> each.length() <= 600);
    }
  }

  @Test
  void anIpv6PacketTooLongForItsRouteIsDroppedBehindAllHooks() {
    HookRecorder.attach(host, IpFamily.IPV6, way);
    host.receive(udp("fd00:1::7", "fd09::9", 1_300), ETH0);
    assertThat(way)
        .containsExactly(
            "PREROUTING eth0 -",
            "FORWARD eth0 eth1",
            "POSTROUTING eth0 eth1",
            "OUTPUT - eth0",
            "POSTROUTING - eth0",
            "eth0");
    assertThat(out.get(0).inner().ttl()).isEqualTo(63);
  }

  @ParameterizedTest
  @CsvSource({
    "9.9.9.9, true, 560, eth1, OK",
    "9.9.9.9, true, 700, local, EMSGSIZE",
    "9.9.9.9, true, 1480, '', EMSGSIZE",
    "9.9.9.9, false, 700, eth1, OK",
    "9.9.9.9, false, 1480, eth1, OK",
    "fd09::9, true, 1300, local, EMSGSIZE",
    "fd09::9, true, 1480, '', EMSGSIZE",
    "fd09::9, false, 1480, eth1, OK"
  })
  void aSocketIsToldOfWhatMayNotBeCut(
      String to, boolean dontFragment, int bytes, String end, Errno told) {
    String from = to.contains(":") ? "fd00:2::1" : "10.0.2.1";
    assertThat(host.send(udp(from, to, bytes).dontFragment(dontFragment))).isEqualTo(told);
    if (end.isEmpty()) {
      assertThat(way).isEmpty();
    } else {
      assertThat(way).isNotEmpty().containsOnly(end);
    }
  }

  /** Fragments that the route does not allow do not stay as they came. */
  @ParameterizedTest
  @CsvSource({"1020, false, eth1, 3", "1020, true, eth0, 1", "600, true, eth1, 3"})
  void whatCameInFragmentsIsCutAnewOrSentBack(
      int largest, boolean dontFragment, String end, int packets) {
    Packet whole = udp("10.0.1.7", "9.9.9.9", 1_192).dontFragment(dontFragment);
    host.receive(whole.pieces(Pieces.of(largest, largest - 20)), ETH0);
    assertThat(way).hasSize(packets).containsOnly(end);
    assertThat(out).allMatch(each -> each.length() <= 600);
  }

  @Test
  void aFragmentThatIsTooLongIsCutFurther() {
    host.receive(udp("10.0.1.7", "9.9.9.9", 792).moreFragments(true), ETH0);
    assertThat(out).extracting(Packet::moreFragments).containsExactly(true, true);
    assertThat(out).extracting(Packet::fragmentOffset).containsExactly(0, 72);
  }
}
