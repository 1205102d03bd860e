package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.icmp;
import static dev.packetpath.conntrack.Router.packet;
import static dev.packetpath.conntrack.Router.state;
import static dev.packetpath.conntrack.Router.tcp;
import static dev.packetpath.conntrack.Router.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;

class ConntrackTest {
  private final Router router = new Router();

  private Packet request() {
    return router.fromEth0(udp("10.0.1.5", 1000, "10.9.9.9", 53));
  }

  private Packet answer() {
    return router.fromEth1(udp("10.9.9.9", 53, "10.0.1.5", 1000));
  }

  private long seconds() {
    return router.only().remainingSeconds(router.clock.nowNs());
  }

  @Test
  void quickDnsExchangeStaysShortAndUnassured() {
    request();
    answer();
    request();
    assertThat(seconds()).isEqualTo(30);
    assertThat(router.only().hasAny(ConnectionStatus.ASSURED)).isFalse();
  }

  @Test
  void udpBecomesAStreamAfterTwoSecondsAndAReply() {
    request();
    router.at(2.5);
    answer();
    assertThat(seconds()).as("the first reply is not yet seen").isEqualTo(30);
    answer();
    assertThat(seconds()).isEqualTo(120);
    assertThat(router.only().hasAny(ConnectionStatus.ASSURED)).isTrue();
  }

  @Test
  void pingLastsThirtySecondsAndIsNeverAssured() {
    assertThat(state(router.fromEth0(icmp("10.0.1.5", "10.9.9.9", 8, 7))))
        .isEqualTo(ConnectionState.NEW);
    assertThat(state(router.fromEth1(icmp("10.9.9.9", "10.0.1.5", 0, 7))))
        .isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(seconds()).isEqualTo(30);
    assertThat(router.only().hasAny(ConnectionStatus.ASSURED)).isFalse();
  }

  @Test
  void icmpThatNobodyAskedForIsInvalid() {
    for (int type : new int[] {0, 9, 10, 14, 18, 30}) {
      assertThat(state(router.fromEth0(icmp("10.0.1.5", "10.9.9.9", type, 7))))
          .as("type " + type)
          .isEqualTo(ConnectionState.NONE);
    }
    assertThat(router.conntrack.size()).isZero();
  }

  @Test
  void icmpErrorIsRelatedInItsDirectionAndChangesNothing() {
    Packet sent = request();
    router.at(1);
    Packet error = icmp("10.9.9.9", "10.0.1.5", 3, 0).icmpCode(3).inner(sent.copy(), 28);
    assertThat(state(router.fromEth1(error))).isEqualTo(ConnectionState.RELATED_REPLY);
    assertThat(seconds()).isEqualTo(29);
    assertThat(router.only().hasAny(ConnectionStatus.SEEN_REPLY)).isFalse();
    assertThat(router.only().packets(Direction.REPLY)).isZero();
  }

  @Test
  void icmpErrorToAnotherThanTheSenderIsInvalid() {
    Packet sent = request();
    Packet error = icmp("10.9.9.9", "10.0.1.6", 3, 0).inner(sent.copy(), 28);
    assertThat(state(router.fromEth1(error))).isEqualTo(ConnectionState.NONE);
    assertThat(router.conntrack.statistics().error()).isEqualTo(1);
  }

  @Test
  void otherProtocolsAreTrackedByAddressesForTenMinutes() {
    router.fromEth0(packet(IpProtocol.ESP, "10.0.1.5", "10.9.9.9"));
    assertThat(seconds()).isEqualTo(600);
    assertThat(state(router.fromEth1(packet(IpProtocol.ESP, "10.9.9.9", "10.0.1.5"))))
        .isEqualTo(ConnectionState.ESTABLISHED_REPLY);
  }

  @Test
  void droppedFirstPacketLeavesNothing() {
    router.drop(Hook.FORWARD, 0);
    request();
    assertThat(router.conntrack.size()).isZero();
    assertThat(router.conntrack.statistics().drop()).isZero();
  }

  @Test
  void untrackedPacketHasNoConnectionAndSkipsNat() {
    Router nat = new Router().dnat("10.244.1.2", 0);
    nat.on(
        Hook.PREROUTING,
        -300,
        (packet, s) -> {
          PacketConnection.untrack(packet);
          return Verdict.ACCEPT;
        });
    Packet out = nat.fromEth0(udp("10.0.1.5", 1000, "10.9.9.9", 53));
    assertThat(state(out)).isEqualTo(ConnectionState.UNTRACKED);
    assertThat(out.destination()).isEqualTo(IpAddress.parse("10.9.9.9"));
    assertThat(nat.conntrack.size()).isZero();
  }

  @Test
  void zonesKeepEqualTuplesApart() {
    router.on(
        Hook.PREROUTING,
        -300,
        (packet, s) -> {
          if (packet.mark() != 0) {
            PacketConnection.template(
                packet, new ConnectionTemplate(Zone.DEFAULT, true, "", TimeoutPolicy.NONE));
          }
          return Verdict.ACCEPT;
        });
    for (int mark = 0; mark < 3; mark++) {
      router.fromEth0(udp("10.0.1.5", 1000, "10.9.9.9", 53).mark(mark));
    }
    assertThat(router.conntrack.connections())
        .extracting(Connection::zone)
        .containsExactly(0, 1, 2);
    assertThat(state(router.fromEth1(udp("10.9.9.9", 53, "10.0.1.5", 1000).mark(2))))
        .isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(router.conntrack.count(c -> c.hasAny(ConnectionStatus.SEEN_REPLY))).isEqualTo(1);
  }

  @Test
  void zoneOfTheOriginalDirectionFindsRepliesWithoutZone() {
    router.on(
        Hook.PREROUTING,
        -300,
        (packet, s) -> {
          if (s.in().equals(Router.ETH0)) {
            PacketConnection.template(packet, ConnectionTemplate.of(new Zone(5, true, false)));
          }
          return Verdict.ACCEPT;
        });
    request();
    assertThat(state(answer())).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(state(request())).isEqualTo(ConnectionState.ESTABLISHED);
  }

  @Test
  void fullTableDropsNewFlowsAndPassesOldOnes() {
    Router full = new Router(ConntrackSettings.builder().max(1).buckets(512).build());
    full.fromEth0(udp("10.0.1.5", 1000, "10.9.9.9", 53));
    full.at(3);
    full.fromEth1(udp("10.9.9.9", 53, "10.0.1.5", 1000));
    full.fromEth1(udp("10.9.9.9", 53, "10.0.1.5", 1000));
    assertThat(full.fromEth0(udp("10.0.1.5", 1001, "10.9.9.9", 53))).isSameAs(Router.NOTHING);
    assertThat(full.conntrack.statistics().drop()).isEqualTo(1);
    assertThat(full.fromEth0(udp("10.0.1.5", 1000, "10.9.9.9", 53))).isNotSameAs(Router.NOTHING);
  }

  @Test
  void fullTableMakesRoomWhereEntriesAreNotAssured() {
    Router full = new Router(ConntrackSettings.builder().max(4).buckets(8).build());
    for (int i = 0; i < 6; i++) {
      assertThat(full.fromEth0(udp("10.0.1.5", 1000 + i, "10.9.9.9", 53)))
          .isNotSameAs(Router.NOTHING);
    }
    assertThat(full.conntrack.statistics().earlyDrop()).isPositive();
    assertThat(full.conntrack.size()).isLessThanOrEqualTo(4);
  }

  @Test
  void oddsOfEarlyDropFollowTheLoad() {
    int buckets = 4096;
    Router full = new Router(ConntrackSettings.builder().max(buckets / 8).buckets(buckets).build());
    int n = buckets / 8;
    for (int i = 0; i < n; i++) {
      full.fromEth0(udp("10.0.1.5", 1000 + i, "10.9.9.9", 53));
    }
    long before = full.conntrack.statistics().earlyDrop();
    int tries = 400;
    int passed = 0;
    for (int i = 0; i < tries; i++) {
      if (full.fromEth0(udp("10.0.1.6", 1000 + i, "10.9.9.8", 53)) != Router.NOTHING) {
        passed++;
      }
    }
    assertThat(full.conntrack.statistics().earlyDrop()).isGreaterThan(before);
    double expected = 1 - Math.exp(-16.0 * n / buckets);
    assertThat((double) passed / tries).isBetween(expected - 0.1, expected + 0.1);
  }

  @Test
  void fragmentsAreTrackedAsOnePacketAndLeaveAsTheyCame() {
    Packet first =
        udp("10.0.1.5", 1000, "10.9.9.9", 53).id(7).moreFragments(true).payloadLength(16);
    Packet last =
        packet(IpProtocol.UDP, "10.0.1.5", "10.9.9.9").id(7).fragmentOffset(3).payloadLength(5);
    assertThat(router.fromEth0(last)).isSameAs(Router.NOTHING);
    assertThat(router.fromEth0(first).destinationPort()).isEqualTo(53);
    assertThat(router.out).extracting(Packet::length).containsExactly(44, 25);
    assertThat(router.out).extracting(Packet::fragmentOffset).containsExactly(0, 3);
    assertThat(router.only().packets(Direction.ORIGINAL)).isEqualTo(1);
  }

  @Test
  void fragmentsOfDifferentPacketsOrOutOfTimeAreNotJoined() {
    Packet first =
        udp("10.0.1.5", 1000, "10.9.9.9", 53).id(7).moreFragments(true).payloadLength(16);
    Packet last =
        packet(IpProtocol.UDP, "10.0.1.5", "10.9.9.9").id(8).fragmentOffset(3).payloadLength(5);
    assertThat(router.fromEth0(first)).isSameAs(Router.NOTHING);
    assertThat(router.fromEth0(last)).isSameAs(Router.NOTHING);
    router.at(31);
    assertThat(router.fromEth0(last.id(7))).isSameAs(Router.NOTHING);
  }

  @Test
  void neighbourDiscoveryIsUntracked() {
    Packet solicitation = packet(IpProtocol.ICMPV6, "fd00:1::5", "fd00:2::5").icmpType(135);
    assertThat(state(router.fromEth0(solicitation))).isEqualTo(ConnectionState.UNTRACKED);
  }

  @Test
  void ipv6PingIsTracked() {
    router.fromEth0(packet(IpProtocol.ICMPV6, "fd00:1::5", "fd00:2::5").icmpType(128).icmpId(3));
    assertThat(
            state(
                router.fromEth1(
                    packet(IpProtocol.ICMPV6, "fd00:2::5", "fd00:1::5").icmpType(129).icmpId(3))))
        .isEqualTo(ConnectionState.ESTABLISHED_REPLY);
  }

  @Test
  void badChecksumIsInvalidOnTheWayInOnly() {
    assertThat(state(router.fromEth0(udp("10.0.1.5", 1, "10.9.9.9", 53).checksumValid(false))))
        .isEqualTo(ConnectionState.NONE);
    router.send(udp("10.0.2.1", 1, "10.9.9.9", 53).checksumValid(false));
    assertThat(state(router.out.get(0))).isEqualTo(ConnectionState.NEW);
  }

  @Test
  void settingsAreReadAndCheckedAndCountingIsOnOnlyWithoutAny() {
    assertThat(ConntrackSettings.of(Sysctls.DEFAULTS).accounting()).isTrue();
    ConntrackSettings some =
        ConntrackSettings.of(
            new Sysctls(
                com.google.common.collect.ImmutableMap.of(
                    "net.netfilter.nf_conntrack_udp_timeout", "17",
                    "net.netfilter.nf_conntrack_max", "99")));
    assertThat(some.accounting()).isFalse();
    assertThat(some.seconds(Timeout.UDP)).isEqualTo(17);
    assertThat(some.max()).isEqualTo(99);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> ConntrackSettings.builder().max(-1))
        .hasMessage("nf_conntrack_max is not negative, found -1");
  }

  @Test
  void connectionsToNotTrackedTcpAreTrackedByTuple() {
    router.fromEth0(tcp("10.0.1.5", 1, "10.9.9.9", 80, "S"));
    assertThat(router.conntrack.count(c -> c.original().destinationPort() == 80)).isEqualTo(1);
    router.conntrack.flush();
    assertThat(router.conntrack.size()).isZero();
  }

  @Test
  void bucketThatIsTooLongTakesNoMoreEntries() {
    Router one = new Router(ConntrackSettings.builder().buckets(1).build());
    int passed = 0;
    for (int i = 0; i < 60; i++) {
      if (one.fromEth0(udp("10.0.1.5", 1000 + i, "10.9.9.9", 53)) != Router.NOTHING) {
        passed++;
      }
    }
    ConntrackStatistics statistics = one.conntrack.statistics();
    assertThat(one.conntrack.size()).isEqualTo(passed);
    assertThat(2 * passed).as("nodes in the bucket").isBetween(52, 82);
    assertThat(statistics.chainTooLong()).isEqualTo(60 - passed);
    assertThat(statistics.insertFailed()).isEqualTo(60 - passed);
    assertThat(statistics.drop()).isZero();
  }

  @Test
  void statisticsAreTextAsTheToolPrintsThem() {
    assertThat(new ConntrackStatistics(1, 2, 3, 4, 5, 6, 7, 8, 9, 10).toString())
        .isEqualTo(
            "cpu=0   \tfound=1 invalid=2 insert=3 insert_failed=4 drop=5 early_drop=6 error=7"
                + " search_restart=8 clash_resolve=9 chaintoolong=10 ");
  }

  @Test
  void clockThatGoesBackIsRefused() {
    router.at(2);
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> router.at(1))
        .hasMessage("time goes backwards: from 2000000000 ns to 1000000000 ns");
  }
}
