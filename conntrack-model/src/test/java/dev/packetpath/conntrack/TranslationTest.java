package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.icmp;
import static dev.packetpath.conntrack.Router.packet;
import static dev.packetpath.conntrack.Router.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Translations at the edges of what ranges, protocols and families allow. */
final class TranslationTest {
  private static final IpAddress NODE = IpAddress.parse("10.0.2.1");

  private static Router masquerading6() {
    Router router = new Router();
    router.nat.registerChain(
        IpFamily.IPV6,
        Hook.POSTROUTING,
        0,
        (packet, s) -> router.nat.masquerade(packet, NatRange.ANY, s.out()));
    return router;
  }

  private static Packet ping6(String source, String destination, int type, int id) {
    return packet(IpProtocol.ICMPV6, source, destination).icmpType(type).icmpId(id);
  }

  @Test
  void echoesOfTwoHostsAreToldApartByTheirId() {
    Router router = masquerading6();
    assertThat(router.fromEth0(ping6("fd00:1::5", "fd00:2::9", 128, 7)).icmpId()).isEqualTo(7);
    Packet second = router.fromEth0(ping6("fd00:1::6", "fd00:2::9", 128, 7));
    assertThat(second.icmpId()).isNotEqualTo(7);
    assertThat(second.source()).isEqualTo(IpAddress.parse("fd00:2::1"));
    Packet back = router.fromEth1(ping6("fd00:2::9", "fd00:2::1", 129, second.icmpId()));
    assertThat(back.destination()).isEqualTo(IpAddress.parse("fd00:1::6"));
    assertThat(back.icmpId()).isEqualTo(7);
  }

  /** nf_nat_icmpv6_reply_translation knows echoes; a node query has no identifier to change. */
  @Test
  void aNodeQueryKeepsItsNonce() {
    Router router = masquerading6();
    router.fromEth0(ping6("fd00:1::5", "fd00:2::9", 139, 7));
    Packet second = router.fromEth0(ping6("fd00:1::6", "fd00:2::9", 139, 7));
    assertThat(second.icmpId()).isEqualTo(7);
  }

  @Test
  void netmapOfIpv6ReplacesTheUpperHalf() {
    Router router = new Router();
    router.nat.registerChain(
        IpFamily.IPV6,
        Hook.POSTROUTING,
        0,
        (packet, s) -> router.nat.netmap(packet, IpAddress.parse("fd00:7:8:9::"), 64, s));
    assertThat(router.fromEth0(udp("fd00:1::a:b", 1, "fd00:2::9", 53)).source())
        .isEqualTo(IpAddress.parse("fd00:7:8:9::a:b"));
  }

  /** A host without an address yet, as DHCP has it, is not masqueraded. */
  @Test
  void theUnspecifiedSourceIsNotMasqueraded() {
    Router router = new Router().masquerade(NatRange.ANY);
    Packet packet = udp("0.0.0.0", 68, "10.9.9.9", 67);
    PacketConnection.set(
        packet,
        new Connection(Tuple.of(packet), Tuple.of(packet).inverse(), Zone.DEFAULT),
        ConnectionState.NEW);
    assertThat(router.nat.masquerade(packet, NatRange.ANY, Router.ETH1)).isEqualTo(Verdict.ACCEPT);
    assertThat(PacketConnection.connectionOf(packet).hasAny(ConnectionStatus.SRC_NAT_DONE))
        .isFalse();
  }

  /** What has no port gets no other: the answers to a second host could not be told apart. */
  @Test
  void aProtocolWithoutPortsHasOneTranslation() {
    Router router = new Router().masquerade(NatRange.ANY);
    assertThat(router.fromEth0(packet(IpProtocol.ESP, "10.0.1.5", "10.9.9.9")).source())
        .isEqualTo(NODE);
    assertThat(router.fromEth0(packet(IpProtocol.ESP, "10.0.1.6", "10.9.9.9")))
        .isSameAs(Router.NOTHING);
    assertThat(router.conntrack.statistics().insertFailed()).isEqualTo(1);
  }

  /** Some function may have cut it: no port is left to be translated, but an address is. */
  @Test
  void ofAHeaderThatIsNotThereOnlyTheAddressIsTranslated() {
    Router router = new Router().dnat("10.0.2.9", 8080);
    router.on(
        Hook.PREROUTING,
        HookPriority.MANGLE,
        (packet, s) -> {
          packet.transportTruncated(true);
          return Verdict.ACCEPT;
        });
    assertThat(router.fromEth0(udp("10.0.1.5", 1, "10.9.9.9", 53).payloadLength(8)).destination())
        .isEqualTo(IpAddress.parse("10.0.2.9"));
  }

  /** The distance from the base wraps at 65536: 65535 is the fifth of ten. */
  @ParameterizedTest
  @CsvSource({"2000, 5000", "2009, 5009", "2010, 5000", "1999, 5005"})
  void aPortShiftWraps(int port, int shifted) {
    NatRange range =
        NatRange.builder().addresses(NODE, NODE).ports(5000, 5009).basePort(2000).build();
    Router router = new Router();
    router.chain(
        Hook.PREROUTING, (packet, s) -> router.nat.setUp(packet, range, ManipType.DESTINATION));
    assertThat(router.fromEth0(udp("10.0.1.5", 1, "10.9.9.9", port)).destinationPort())
        .isEqualTo(shifted);
  }

  @Test
  void anEndedConnectionLeavesNoTranslationBehind() {
    Router router = new Router().masquerade(NatRange.ANY);
    router.fromEth0(udp("10.0.1.5", 40_000, "10.9.9.9", 53));
    router.fromEth0(udp("10.0.1.6", 40_000, "10.9.9.9", 53));
    router.conntrack.flush();
    assertThat(router.fromEth0(udp("10.0.1.6", 40_000, "10.9.9.8", 53)).sourcePort())
        .isEqualTo(40_000);
  }

  /** Of three connections of one source the middle one ends; both others keep their place. */
  @Test
  void theOtherConnectionsOfASourceAreStillFound() {
    Router router = new Router().masquerade(NatRange.ANY);
    router.fromEth0(udp("10.0.1.5", 40_000, "10.9.9.1", 53));
    int drawn = router.fromEth0(udp("10.0.1.6", 40_000, "10.9.9.1", 53)).sourcePort();
    for (int last = 2; last <= 4; last++) {
      router.fromEth0(udp("10.0.1.6", 40_000, "10.9.9." + last, 53));
    }
    List<Connection> ofSource = router.conntrack.connections();
    router.conntrack.remove(ofSource.get(4));
    router.conntrack.remove(ofSource.get(2));
    router.conntrack.remove(ofSource.get(1));
    assertThat(router.fromEth0(udp("10.0.1.6", 40_000, "10.9.9.9", 53)).sourcePort())
        .isEqualTo(drawn);
  }

  /** NAT that begins later knows what the table's connections were translated to. */
  @Test
  void loadedTranslationsAreKept() {
    Router router = new Router();
    Tuple original = Tuple.of(udp("10.0.1.6", 40_000, "10.9.9.9", 53));
    Tuple reply = Tuple.of(udp("10.9.9.9", 53, "10.0.2.1", 50_000));
    router.conntrack.load(
        List.of(ConntrackEntry.plain(original, reply, 30, "", ConnectionStatus.CONFIRMED)));
    assertThat(router.conntrack.statistics().insert()).isEqualTo(1);
    Nat later = Nat.attach(router.conntrack);
    later.registerChain(
        IpFamily.IPV4,
        Hook.POSTROUTING,
        0,
        (packet, s) -> later.masquerade(packet, NatRange.ANY, s.out()));
    assertThat(router.fromEth0(udp("10.0.1.6", 40_000, "10.9.9.8", 53)).sourcePort())
        .isEqualTo(50_000);
  }

  @ParameterizedTest
  @CsvSource({
    "10.9.9.9, 53, 10.0.1.5, 1000, ''",
    "10.9.9.9, 53, 10.0.1.5, 1001, SRC_NAT",
    "10.9.9.9, 53, 10.0.1.6, 1000, SRC_NAT",
    "10.9.9.9, 54, 10.0.1.5, 1000, DST_NAT",
    "10.9.9.8, 53, 10.0.1.5, 1000, DST_NAT",
    "10.9.9.8, 53, 10.0.1.6, 1000, SRC_NAT|DST_NAT"
  })
  void aLoadedEntryIsTranslatedWhereItsTuplesDiffer(
      String source, int sourcePort, String destination, int destinationPort, String status) {
    Router router = new Router();
    router.conntrack.load(
        List.of(
            ConntrackEntry.plain(
                Tuple.of(udp("10.0.1.5", 1000, "10.9.9.9", 53)),
                Tuple.of(udp(source, sourcePort, destination, destinationPort)),
                30,
                "",
                0)));
    assertThat(ConnectionStatus.toText(router.only().status() & ConnectionStatus.NAT_MASK))
        .isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource({"7, 7, false", "7, 8, true"})
  void aLoadedPingIsTranslatedIfItsIdDiffers(int id, int other, boolean translated) {
    Router router = new Router();
    router.conntrack.load(
        List.of(
            ConntrackEntry.plain(
                Tuple.of(icmp("10.0.1.5", "10.9.9.9", 8, id)),
                Tuple.of(icmp("10.9.9.9", "10.0.1.5", 0, other)),
                30,
                "",
                0)));
    assertThat(router.only().hasAny(ConnectionStatus.SRC_NAT)).isEqualTo(translated);
    assertThat(router.only().hasAny(ConnectionStatus.DST_NAT)).isFalse();
  }

  /** nf_nat_icmp_reply_translation: redirects pass for flows that are decided, untranslated. */
  @Test
  void redirectsOfTranslatedFlowsAreDropped() {
    Router plain = new Router().nat();
    plain.fromEth0(udp("10.0.1.5", 1000, "10.9.9.9", 53));
    assertThat(plain.fromEth1(redirect(udp("10.0.1.5", 1000, "10.9.9.9", 53), "10.0.1.5")))
        .isNotSameAs(Router.NOTHING);
    Router hiding = new Router().masquerade(NatRange.ANY);
    hiding.fromEth0(udp("10.0.1.5", 1000, "10.9.9.9", 53));
    assertThat(hiding.fromEth1(redirect(udp("10.0.2.1", 1000, "10.9.9.9", 53), "10.0.2.1")))
        .isSameAs(Router.NOTHING);
  }

  private static Packet redirect(Packet quoted, String to) {
    return icmp("10.9.9.9", to, 5, 0).icmpCode(1).inner(quoted, 28);
  }

  @Test
  void anErrorOnTheWayOutIsTranslatedTheOtherWayRound() {
    Router router = new Router().dnat("10.244.1.2", 5353);
    router.fromEth0(udp("10.0.1.5", 1000, "10.96.0.10", 53));
    router.fromEth1(udp("10.244.1.2", 5353, "10.0.1.5", 1000));
    Packet error =
        icmp("10.0.1.5", "10.96.0.10", 3, 0)
            .icmpCode(3)
            .inner(udp("10.96.0.10", 53, "10.0.1.5", 1000), 28);
    Packet out = router.fromEth0(error);
    assertThat(out.destination()).isEqualTo(IpAddress.parse("10.244.1.2"));
    assertThat(out.inner().toString()).isEqualTo("udp 10.244.1.2:5353 > 10.0.1.5:1000");
  }

  /** A packet of this host gets a second route if its destination changed, and not otherwise. */
  @Test
  void onlyATranslatedPacketOfThisHostIsRoutedAnew() {
    Router router = new Router();
    router.chain(
        Hook.OUTPUT,
        (packet, s) ->
            packet.destinationPort() == 80
                ? router.nat.setUp(
                    packet, NatRange.ofAddress(IpAddress.parse("10.0.1.9")), ManipType.DESTINATION)
                : Verdict.ACCEPT);
    assertThat(routesOf(router, udp("10.0.2.1", 1, "10.9.9.9", 81))).isEqualTo(1);
    assertThat(routesOf(router, udp("10.0.2.1", 1, "10.9.9.9", 80))).isEqualTo(2);
    assertThat(router.out.get(0).destination()).isEqualTo(IpAddress.parse("10.0.1.9"));
    assertThat(routesOf(router, udp("10.0.2.1", 1, "10.9.9.9", 82).transportTruncated(true)))
        .isEqualTo(1);
  }

  private static long routesOf(Router router, Packet packet) {
    router.host.work().clear();
    router.send(packet);
    return router.host.work().toMap().getOrDefault("routeLookup", 0L);
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, -1, -1, false, true",
    "false, false, 80, 80, false, true",
    "false, false, 80, 81, true, false",
    "true, false, -1, -1, true, false",
    "false, true, 80, 80, true, false"
  })
  void rangesSayWhetherTheyLookForAPortAndWhetherTheyAreOne(
      boolean random, boolean fully, int first, int last, boolean looks, boolean one) {
    NatRange.Builder builder =
        NatRange.builder().addresses(NODE, NODE).random(random).randomFully(fully);
    NatRange range = first < 0 ? builder.build() : builder.ports(first, last).build();
    assertThat(range.looksForPort()).isEqualTo(looks);
    assertThat(range.isOne()).isEqualTo(one);
    assertThat(NatRange.ANY.isOne()).as("without an address").isFalse();
    NatRange two = range.withAddresses(NODE, IpAddress.parse("10.0.2.2"));
    assertThat(two.isOne()).as("of two addresses").isFalse();
  }

  @ParameterizedTest
  @CsvSource({"-1, 5", "5, 65536", "65536, 65537"})
  void portsOfARangeHaveSixteenBits(int first, int last) {
    assertThatThrownBy(() -> NatRange.builder().ports(first, last))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(NatRange.builder().ports(0, 65535).build().maxPort()).isEqualTo(65535);
  }

  @Test
  void addressesOfARangeAreOfOneFamily() {
    assertThatThrownBy(() -> NatRange.builder().addresses(NODE, IpAddress.parse("fd00::1")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"-1", "65536"})
  void zonesHaveSixteenBits(int id) {
    assertThatThrownBy(() -> new Zone(id, true, true)).hasMessageContaining("0..65535");
    assertThat(new Zone(65535, true, true).id()).isEqualTo(65535);
  }

  /** __nf_conntrack_confirm: a bucket holds 50 nodes, and up to 29 more by a draw each time. */
  @Test
  void theLongestBucketIsDrawn() {
    Set<Integer> sizes = new TreeSet<>();
    for (int seed = 0; seed < 30; seed++) {
      Router one =
          new Router(ConntrackSettings.builder().buckets(1).build(), new SeededDecisions(seed));
      int inserted = 0;
      while (one.fromEth0(udp("10.0.1.5", 1000 + inserted, "10.9.9.9", 53)) != Router.NOTHING) {
        inserted++;
      }
      sizes.add(2 * inserted);
    }
    assertThat(sizes).hasSizeGreaterThan(5).allMatch(nodes -> nodes >= 50 && nodes <= 82);
  }
}
