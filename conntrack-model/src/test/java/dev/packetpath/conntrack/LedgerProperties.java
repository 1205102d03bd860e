package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * What goes into the table, what comes out of it and what is counted add up, over conversations
 * with loss, reordering, duplication and retransmission.
 */
class LedgerProperties {
  private static final String VIP = "10.96.0.1";
  private static final String BACKEND = "10.244.1.2";

  /** Counts what enters and leaves a router's table. */
  private static final class Ledger {
    private final Router router;
    private long inserted;
    private long removed;
    private long packetsOfRemoved;
    private long bytesOfRemoved;

    Ledger(Router router) {
      this.router = router;
      router.conntrack.onInsert(connection -> inserted++);
      router.conntrack.onRemove(
          connection -> {
            removed++;
            packetsOfRemoved += packets(connection);
            bytesOfRemoved += bytes(connection);
          });
    }

    private static long packets(Connection connection) {
      return connection.packets(Direction.ORIGINAL) + connection.packets(Direction.REPLY);
    }

    private static long bytes(Connection connection) {
      return connection.bytes(Direction.ORIGINAL) + connection.bytes(Direction.REPLY);
    }

    void check() {
      List<Connection> live = router.conntrack.connections();
      assertThat(live).hasSize(router.conntrack.size());
      assertThat((long) live.size()).isEqualTo(inserted - removed);
      Set<Tuple> replies = new HashSet<>();
      Set<Tuple> originals = new HashSet<>();
      for (Connection connection : live) {
        assertThat(replies.add(connection.reply())).as("%s", connection).isTrue();
        assertThat(originals.add(connection.original())).as("%s", connection).isTrue();
        assertThat(connection.expiresAtNs()).isGreaterThan(router.clock.nowNs());
        assertThat(router.conntrack.find(connection.reply(), Zone.DEFAULT)).isSameAs(connection);
        assertThat(router.conntrack.find(connection.original(), Zone.DEFAULT)).isSameAs(connection);
        assertThat(connection.reply().source().toString()).isEqualTo(BACKEND);
        assertThat(connection.reply().sourcePort())
            .isEqualTo(connection.original().destinationPort());
        assertThat(connection.reply().destination().toString()).isEqualTo("10.0.2.1");
      }
      ConntrackStatistics statistics = router.conntrack.statistics();
      assertThat(statistics.drop()).isEqualTo(statistics.insertFailed());
    }
  }

  private static Router router(long seed) {
    return new Router(ConntrackSettings.DEFAULTS, new SeededDecisions(seed))
        .dnat(BACKEND, 0)
        .masquerade(NatRange.ANY);
  }

  private static Packet request(int client) {
    return Router.tcp("10.0.1." + (5 + client % 3), 1000 + client % 4, VIP, 80, "A");
  }

  /** Returns a packet as the server sends it to a client, whose connection it must have got. */
  private static Packet response(Router router, Packet request) {
    Connection connection = router.conntrack.find(Tuple.of(request), Zone.DEFAULT);
    if (!connection.exists()) {
      return Router.NOTHING;
    }
    Tuple reply = connection.reply();
    return Router.tcp(
        reply.source().toString(),
        reply.sourcePort(),
        reply.destination().toString(),
        reply.destinationPort(),
        "A");
  }

  @Property(tries = 80)
  void tcpConversationsOverABadNetworkKeepTheTableRight(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int clients) {
    Router router = router(seed);
    Ledger ledger = new Ledger(router);
    Random random = new Random(seed);
    List<Deque<TcpConversation.Segment>> conversations = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      conversations.add(new ArrayDeque<>(TcpConversation.delivered(random)));
    }
    int left = conversations.stream().mapToInt(Deque::size).sum();
    while (left > 0) {
      int client = random.nextInt(clients);
      TcpConversation.Segment segment = conversations.get(client).poll();
      if (segment == null) {
        continue;
      }
      left--;
      router.clock.advanceTo(router.clock.nowNs() + random.nextInt(1 << 30));
      Packet request = request(client);
      if (segment.fromClient()) {
        router.fromEth0(segment.to(request));
      } else {
        Packet response = response(router, request);
        if (response != Router.NOTHING) {
          router.fromEth1(segment.to(response));
        }
      }
      ledger.check();
    }
    router.clock.advanceTo(router.clock.nowNs() + 432_000 * VirtualClock.NS_PER_SECOND);
    ledger.check();
    assertThat(router.conntrack.size()).isZero();
    assertThat(ledger.inserted).isEqualTo(ledger.removed);
  }

  @Property(tries = 60)
  void everyUdpPacketIsCountedOnce(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int packets) {
    Router router = router(seed);
    Ledger ledger = new Ledger(router);
    Random random = new Random(seed);
    long passed = 0;
    long bytes = 0;
    for (int i = 0; i < packets; i++) {
      router.clock.advanceTo(router.clock.nowNs() + random.nextInt(8) * VirtualClock.NS_PER_SECOND);
      List<Connection> live = router.conntrack.connections();
      Packet packet =
          Router.udp("10.0.1." + (5 + random.nextInt(3)), 1000 + random.nextInt(2), VIP, 53)
              .payloadLength(random.nextInt(100));
      Packet out;
      if (random.nextBoolean() && !live.isEmpty()) {
        Tuple reply = live.get(random.nextInt(live.size())).reply();
        out =
            router.fromEth1(
                packet
                    .addresses(reply.source(), reply.destination())
                    .ports(reply.sourcePort(), reply.destinationPort()));
      } else {
        out = router.fromEth0(packet);
      }
      assertThat(out).isNotSameAs(Router.NOTHING);
      passed++;
      bytes += out.length();
      ledger.check();
    }
    router.conntrack.flush();
    assertThat(ledger.packetsOfRemoved).isEqualTo(passed);
    assertThat(ledger.bytesOfRemoved).isEqualTo(bytes);
  }
}
