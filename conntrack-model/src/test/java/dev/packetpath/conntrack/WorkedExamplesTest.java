package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.state;
import static dev.packetpath.conntrack.Router.tcp;
import static dev.packetpath.conntrack.Router.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.host.Errno;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Cases that were seen on real kernels. */
class WorkedExamplesTest {
  private static final IpAddress NODE = IpAddress.parse("10.0.2.1");

  @Test
  void clusterIpWithDnatAndMasqueradeIsTranslatedThereAndBack() {
    Router router = new Router().dnat("10.244.1.2", 6443).masquerade(NatRange.ANY);
    Packet there = router.fromEth0(tcp("10.0.1.5", 40000, "10.96.0.1", 443, "S"));
    assertThat(there.toString()).isEqualTo("tcp 10.0.2.1:40000 > 10.244.1.2:6443 syn");
    Connection connection = router.only();
    assertThat(connection.original().toString()).isEqualTo("10.0.1.5:40000 > 10.96.0.1:443");
    assertThat(connection.reply().toString()).isEqualTo("10.244.1.2:6443 > 10.0.2.1:40000");
    assertThat(ConnectionStatus.toText(connection.status()))
        .isEqualTo("CONFIRMED|SRC_NAT|DST_NAT|SRC_NAT_DONE|DST_NAT_DONE");

    Packet back =
        router.fromEth1(tcp("10.244.1.2", 6443, "10.0.2.1", 40000, "SA").tcpAcknowledgment(1));
    assertThat(back.toString()).isEqualTo("tcp 10.96.0.1:443 > 10.0.1.5:40000 syn ack");
    assertThat(state(back)).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
  }

  @Test
  void exhaustedSnatRangeDropsTheFifthAndSixthFlow() {
    NatRange range =
        NatRange.builder()
            .addresses(IpAddress.parse("10.7.0.1"), IpAddress.parse("10.7.0.1"))
            .ports(5000, 5003)
            .build();
    Router router = new Router().snat(range);
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 6; i++) {
      Packet out = router.fromEth0(udp("10.0.1.5", 7000 + i, "10.9.9.9", 53));
      if (out != Router.NOTHING) {
        ports.add(out.sourcePort());
      }
    }
    assertThat(ports).containsExactlyInAnyOrder(5000, 5001, 5002, 5003);
    assertThat(router.conntrack.size()).isEqualTo(4);
    assertThat(router.conntrack.statistics().insertFailed()).isEqualTo(2);
    assertThat(router.conntrack.statistics().drop()).isEqualTo(2);
    assertThat(router.fromEth0(udp("10.0.1.5", 7009, "10.9.9.8", 53)).sourcePort())
        .isBetween(5000, 5003);
  }

  @Test
  void localSenderOfAnExhaustedRangeGetsEperm() {
    NatRange range = NatRange.builder().addresses(NODE, NODE).ports(5000, 5000).build();
    Router router = new Router().snat(range);
    assertThat(router.send(udp("10.0.2.1", 1, "10.9.9.9", 53))).isEqualTo(Errno.OK);
    assertThat(router.send(udp("10.0.2.1", 2, "10.9.9.9", 53))).isEqualTo(Errno.EPERM);
  }

  @Test
  void masqueradeRemapsOnlyACollidingPort() {
    Router router = new Router().masquerade(NatRange.ANY);
    assertThat(router.fromEth0(udp("10.0.1.5", 40000, "10.9.9.9", 53)).sourcePort())
        .isEqualTo(40000);
    assertThat(router.fromEth0(udp("10.0.1.6", 40000, "10.9.9.9", 53)).sourcePort())
        .isNotEqualTo(40000)
        .isBetween(1024, 65535);
    assertThat(router.fromEth0(udp("10.0.1.7", 40000, "10.9.9.8", 53)).sourcePort())
        .isEqualTo(40000);
  }

  @Test
  void sourceThatWasRemappedKeepsItsNewPortTowardsOthers() {
    Router router = new Router().masquerade(NatRange.ANY);
    router.fromEth0(udp("10.0.1.5", 40000, "10.9.9.9", 53));
    int remapped = router.fromEth0(udp("10.0.1.6", 40000, "10.9.9.9", 53)).sourcePort();
    assertThat(router.fromEth0(udp("10.0.1.6", 40000, "10.9.9.8", 53)).sourcePort())
        .isEqualTo(remapped);
  }

  @Test
  void remappedPortsStayInTheirClass() {
    Router router = new Router().masquerade(NatRange.ANY);
    int[][] classes = {{500, 1, 511}, {700, 600, 1023}, {33000, 1024, 65535}};
    for (int[] c : classes) {
      router.fromEth0(udp("10.0.1.5", c[0], "10.9.9.9", 53));
      assertThat(router.fromEth0(udp("10.0.1.6", c[0], "10.9.9.9", 53)).sourcePort())
          .isNotEqualTo(c[0])
          .isBetween(c[1], c[2]);
    }
  }

  @Test
  void natChainsAreAskedForTheFirstPacketOnly() {
    int[] asked = new int[2];
    Router router = new Router();
    router.chain(
        Hook.PREROUTING,
        (packet, s) -> {
          asked[0]++;
          return dev.packetpath.core.Verdict.ACCEPT;
        });
    router.chain(
        Hook.POSTROUTING,
        (packet, s) -> {
          asked[1]++;
          return dev.packetpath.core.Verdict.ACCEPT;
        });
    for (int i = 0; i < 5; i++) {
      assertThat(state(router.fromEth0(udp("10.0.1.5", 1000, "10.9.9.9", 53))))
          .isEqualTo(ConnectionState.NEW);
    }
    assertThat(asked).containsExactly(1, 1);
    router.fromEth1(udp("10.9.9.9", 53, "10.0.1.5", 1000));
    assertThat(state(router.fromEth0(udp("10.0.1.5", 1000, "10.9.9.9", 53))))
        .isEqualTo(ConnectionState.ESTABLISHED);
    assertThat(asked).containsExactly(1, 1);
  }

  @Test
  void addressOfARangeIsChosenByTheKernelsHash() {
    NatRange.Builder range =
        NatRange.builder().addresses(IpAddress.parse("10.7.0.1"), IpAddress.parse("10.7.0.9"));
    assertThat(chosen(range.build(), "10.0.0.1", "10.9.9.9")).isEqualTo("10.7.0.6");
    assertThat(chosen(range.build(), "10.0.0.2", "10.9.9.9")).isEqualTo("10.7.0.2");
    assertThat(chosen(range.build(), "10.0.0.3", "10.9.9.9")).isEqualTo("10.7.0.5");
    assertThat(chosen(range.build(), "10.0.0.1", "10.9.9.8")).isEqualTo("10.7.0.3");
    NatRange persistent = range.persistent(true).build();
    assertThat(chosen(persistent, "10.0.0.1", "10.9.9.9")).isEqualTo("10.7.0.3");
    assertThat(chosen(persistent, "10.0.0.2", "10.9.9.9")).isEqualTo("10.7.0.9");
    assertThat(chosen(persistent, "10.0.0.3", "10.9.9.9")).isEqualTo("10.7.0.8");
  }

  private static String chosen(NatRange range, String source, String destination) {
    Packet out = new Router().snat(range).fromEth0(udp(source, 5000, destination, 53));
    return out.source().toString();
  }
}
