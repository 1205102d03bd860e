package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.icmp;
import static dev.packetpath.conntrack.Router.packet;
import static dev.packetpath.conntrack.Router.tcp;
import static dev.packetpath.conntrack.Router.udp;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import dev.packetpath.core.Hook;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;

/**
 * Two first packets of one flow on two processors: the second is confirmed while the first is still
 * on its way (nf_ct_resolve_clash, Linux 6.1).
 */
final class ClashTest {
  private final Router router = new Router();
  private boolean held;

  /** Lets another packet overtake the first one at FORWARD. */
  private Packet race(Packet first, Packet second) {
    held = false;
    router.on(
        Hook.FORWARD,
        0,
        (packet, s) -> {
          if (!held) {
            held = true;
            router.host.receive(second, Router.ETH0);
          }
          return Verdict.ACCEPT;
        });
    return router.fromEth0(first);
  }

  @Test
  void equalDatagramsJoinTheEntryThatWasFirst() {
    race(udp("10.0.1.5", 1, "10.9.9.9", 53), udp("10.0.1.5", 1, "10.9.9.9", 53).payloadLength(72));
    assertThat(router.out).hasSize(2);
    ConntrackStatistics counted = router.conntrack.statistics();
    assertThat(counted.clashResolve()).isEqualTo(1);
    assertThat(counted.insertFailed()).isZero();
    assertThat(router.only().packets(Direction.ORIGINAL)).isEqualTo(2);
    assertThat(router.only().bytes(Direction.ORIGINAL)).isEqualTo(38 + 100);
    assertThat(PacketConnection.connectionOf(router.out.get(1))).isEqualTo(router.only());
  }

  @Test
  void protocolsWithoutATrackerJoinToo() {
    race(packet(50, "10.0.1.5", "10.9.9.9"), packet(50, "10.0.1.5", "10.9.9.9"));
    assertThat(router.out).hasSize(2);
    assertThat(router.conntrack.statistics().clashResolve()).isEqualTo(1);
  }

  @Test
  void ofTcpTheSecondIsDropped() {
    router.host.trace().keep(true);
    race(tcp("10.0.1.5", 1, "10.9.9.9", 80, "S"), tcp("10.0.1.5", 1, "10.9.9.9", 80, "S"));
    assertThat(router.out).hasSize(1);
    ConntrackStatistics counted = router.conntrack.statistics();
    assertThat(counted.clashResolve()).isZero();
    assertThat(counted.insertFailed()).isEqualTo(1);
    assertThat(counted.drop()).isEqualTo(1);
    assertThat(router.only().packets(Direction.ORIGINAL)).isEqualTo(1);
    assertThat(router.host.trace().take())
        .contains(
            new ConntrackEvent.Dropped(
                "another connection has the tuple 10.0.1.5:1 > 10.9.9.9:80"));
  }

  /** allow_clash is set for UDP, UDP-Lite and protocols without a tracker alone. */
  @Test
  void ofIcmpAndSctpTheSecondIsDropped() {
    race(icmp("10.0.1.5", "10.9.9.9", 8, 7), icmp("10.0.1.5", "10.9.9.9", 8, 7));
    assertThat(router.out).hasSize(1);
    Packet init =
        packet(IpProtocol.SCTP, "10.0.1.5", "10.9.9.9")
            .ports(7, 80)
            .payload(
                BaseEncoding.base16()
                    .lowerCase()
                    .decode("010000140000000a000000000000000000000000"));
    race(init.copy(), init.copy());
    assertThat(router.out).hasSize(1);
    assertThat(router.conntrack.statistics().insertFailed()).isEqualTo(2);
    assertThat(router.conntrack.statistics().clashResolve()).isZero();
  }

  /** Both were translated alike: the same as without NAT. */
  @Test
  void equallyTranslatedDatagramsJoin() {
    router.dnat("10.244.1.2", 5_353);
    race(udp("10.0.1.5", 1, "10.96.0.10", 53), udp("10.0.1.5", 1, "10.96.0.10", 53));
    assertThat(router.out).hasSize(2);
    assertThat(router.conntrack.statistics().clashResolve()).isEqualTo(1);
    assertThat(router.only().packets(Direction.ORIGINAL)).isEqualTo(2);
  }

  /** The kernel walks the reply tuples when it flushes, which these entries have. */
  @Test
  void flushingTakesTheEntriesOfWhichOnlyTheReplyIsInTheTable() {
    NatRange[] servers = {
      NatRange.ofAddress(IpAddress.parse("10.2.0.5")),
      NatRange.ofAddress(IpAddress.parse("10.2.0.6"))
    };
    int[] turn = {0};
    router.chain(
        Hook.PREROUTING,
        (packet, s) -> router.nat.setUp(packet, servers[turn[0]++], ManipType.DESTINATION));
    race(udp("10.0.1.5", 1, "10.96.0.10", 53), udp("10.0.1.5", 1, "10.96.0.10", 53));
    assertThat(router.conntrack.size()).isEqualTo(2);
    assertThat(router.conntrack.entries()).hasSize(1);
    router.conntrack.flush();
    assertThat(router.conntrack.size()).isZero();
  }

  /** Two clients that got one source port: the answers could not be told apart. */
  @Test
  void clientsWithOneTranslatedPortDoNotJoin() {
    NatRange one =
        NatRange.builder()
            .addresses(IpAddress.parse("10.0.2.1"), IpAddress.parse("10.0.2.1"))
            .ports(7_000, 7_000)
            .build();
    router.snat(one);
    router.fromEth0(udp("10.0.1.5", 1, "10.9.9.9", 53));
    assertThat(router.fromEth0(udp("10.0.1.6", 1, "10.9.9.9", 53))).isSameAs(Router.NOTHING);
    assertThat(router.conntrack.statistics().insertFailed()).isEqualTo(1);
    assertThat(router.conntrack.statistics().drop()).isEqualTo(1);
    assertThat(router.only().original().source()).isEqualTo(IpAddress.parse("10.0.1.5"));
  }

  @Test
  void anUnconfirmedEntrysAnswersMayBeAlteredAndItsPacketConfirmed() {
    Packet packet = udp("10.0.1.5", 1, "10.9.9.9", 53);
    router.on(
        Hook.FORWARD,
        0,
        (p, s) -> {
          Connection entry = PacketConnection.connectionOf(p);
          router.conntrack.alterReply(
              entry,
              Tuple.of(
                  IpProtocol.UDP,
                  IpAddress.parse("10.244.1.2"),
                  5_353,
                  IpAddress.parse("10.0.1.5"),
                  1));
          return router.conntrack.confirm(p);
        });
    router.fromEth0(packet);
    assertThat(router.only().reply().toString()).isEqualTo("10.244.1.2:5353 > 10.0.1.5:1");
    assertThat(router.only().isConfirmed()).isTrue();
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> router.conntrack.alterReply(router.only(), router.only().reply()))
        .hasMessageContaining("is confirmed");
    router.conntrack.remove(router.only());
    assertThat(router.conntrack.size()).isZero();
  }
}
