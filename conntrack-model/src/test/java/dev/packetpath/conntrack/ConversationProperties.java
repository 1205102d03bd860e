package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.io.IOException;
import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws that hold whatever packets come, in whatever order, through DNAT and masquerading. */
class ConversationProperties {
  private static final NatRange FEW_PORTS = NatRange.builder().ports(5000, 5007).build();

  /** Sends random packets of few hosts and ports, with their answers, over some minutes. */
  private static Router converse(long seed, int packets, boolean fewPorts) {
    Router router = new Router(ConntrackSettings.DEFAULTS, new SeededDecisions(seed));
    router.dnat("10.244.1.2", 0).masquerade(fewPorts ? FEW_PORTS : NatRange.ANY);
    long[] live = {0};
    router.conntrack.onEvent(event -> live[0] += liveMore(event.kind()));
    Random random = new Random(seed);
    for (int i = 0; i < packets; i++) {
      router.clock.advanceTo(router.clock.nowNs() + random.nextInt(5) * VirtualClock.NS_PER_SECOND);
      if (random.nextBoolean() || router.conntrack.size() == 0) {
        router.fromEth0(request(random));
      } else {
        router.fromEth1(answer(random, router.conntrack.connections()));
      }
      checkTable(router);
      assertThat((long) router.conntrack.size()).isEqualTo(live[0]);
    }
    return router;
  }

  private static int liveMore(TableEvent.Kind kind) {
    return switch (kind) {
      case NEW -> 1;
      case UPDATE -> 0;
      case DESTROY -> -1;
    };
  }

  private static Packet request(Random random) {
    Packet packet =
        new Packet()
            .addresses(
                IpAddress.parse("10.0.1." + (5 + random.nextInt(3))),
                IpAddress.parse("10.96.0." + (1 + random.nextInt(2))));
    return fill(packet, random).ports(1000 + random.nextInt(4), 80);
  }

  private static Packet fill(Packet packet, Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> packet.protocol(IpProtocol.UDP);
      case 1 ->
          packet
              .protocol(IpProtocol.TCP)
              .tcpFlags(random.nextInt(4) == 0 ? random.nextInt(64) : TcpFlags.SYN)
              .tcpSequence(random.nextInt(3))
              .tcpAcknowledgment(random.nextInt(3));
      default -> packet.protocol(IpProtocol.ICMP).icmpType(8).icmpId(random.nextInt(3)).icmpCode(0);
    };
  }

  private static Packet answer(Random random, List<Connection> connections) {
    Tuple reply = connections.get(random.nextInt(connections.size())).reply();
    Packet packet =
        new Packet().addresses(reply.source(), reply.destination()).protocol(reply.protocol());
    if (reply.isIcmp()) {
      return packet.icmpType(reply.icmpType()).icmpId(reply.icmpId());
    }
    int[] flags = {
      TcpFlags.SYN | TcpFlags.ACK, TcpFlags.ACK, TcpFlags.RST, TcpFlags.FIN | TcpFlags.ACK
    };
    return packet
        .ports(reply.sourcePort(), reply.destinationPort())
        .tcpFlags(flags[random.nextInt(flags.length)])
        .tcpSequence(random.nextInt(3))
        .tcpAcknowledgment(random.nextInt(3));
  }

  private static void checkTable(Router router) {
    Set<Tuple> tuples = new HashSet<>();
    long nowNs = router.clock.nowNs();
    List<Connection> connections = router.conntrack.connections();
    for (Connection connection : connections) {
      assertThat(tuples.add(connection.original())).as("%s", connection).isTrue();
      assertThat(tuples.add(connection.reply())).as("%s", connection).isTrue();
      assertThat(connection.expiresAtNs()).isGreaterThan(nowNs);
      boolean translated = connection.hasAny(ConnectionStatus.NAT_MASK);
      assertThat(connection.reply().equals(connection.original().inverse())).isEqualTo(!translated);
    }
    assertThat(router.conntrack.size()).isEqualTo(connections.size());
  }

  @Property(tries = 60)
  void noTwoEntriesShareATupleAndNoneOutlivesItsTime(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int packets) {
    Router router = converse(seed, packets, seed % 2 == 0);
    router.clock.advanceTo(router.clock.nowNs() + 432_000 * VirtualClock.NS_PER_SECOND);
    assertThat(router.conntrack.size()).isZero();
  }

  @Property(tries = 30)
  void oneSeedGivesOneResult(@ForAll long seed) {
    Router first = converse(seed, 80, false);
    Router second = converse(seed, 80, false);
    assertThat(first.conntrack.entries()).isEqualTo(second.conntrack.entries());
    assertThat(first.host.work().toMap()).isEqualTo(second.host.work().toMap());
    assertThat(first.conntrack.statistics()).isEqualTo(second.conntrack.statistics());
  }

  @Property(tries = 30)
  void printedTableReadsBackTheSame(@ForAll long seed) throws IOException {
    Router router = converse(seed, 80, false);
    String text = ConntrackText.print(router.conntrack.entries());
    Router loaded = new Router();
    loaded.conntrack.load(ConntrackText.read("t", new StringReader(text)));
    assertThat(ConntrackText.print(loaded.conntrack.entries())).isEqualTo(text);
  }

  @Property(tries = 30)
  void answerIsTranslatedBackToWhatTheClientAsked(
      @ForAll @IntRange(min = 1, max = 65535) int port, @ForAll long seed) {
    Router router = converse(seed, 20, false);
    Packet there = router.fromEth0(Router.udp("10.0.1.9", port, "10.96.0.1", 53));
    Packet back =
        router.fromEth1(
            Router.udp(
                there.destination().toString(),
                there.destinationPort(),
                there.source().toString(),
                there.sourcePort()));
    assertThat(back.toString()).isEqualTo("udp 10.96.0.1:53 > 10.0.1.9:" + port);
  }
}
