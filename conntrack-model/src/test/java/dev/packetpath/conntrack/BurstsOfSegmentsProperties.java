package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.core.testing.Exits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Two routers alike, of which one gets packets in bursts and the other one by one; while they come
 * out, more packets come, and connections end.
 */
final class BurstsOfSegmentsProperties {
  private static final int CLIENTS = 24;
  private static final int MOST_TOGETHER = 40;
  private static final int[] BUCKETS = {1, 3, 64, 262_144};

  /** What happens while a packet comes out. */
  private enum Meanwhile {
    NOTHING,
    ALL_END,
    A_SEGMENT_COMES,
    A_CONNECTION_BEGINS
  }

  private final List<List<TcpConversation.Segment>> conversations = new ArrayList<>();
  private final int[] next = new int[CLIENTS];

  @Property(tries = 150, shrinking = ShrinkingMode.OFF)
  void packetsGoTheSameWayTogetherAndOneByOne(@ForAll long seed) {
    Random random = new Random(seed);
    ConntrackSettings settings =
        ConntrackSettings.builder()
            .accounting(random.nextBoolean())
            .buckets(BUCKETS[random.nextInt(BUCKETS.length)])
            .build();
    Router together = new Router(settings, new SeededDecisions(1)).dnat("10.0.2.9", 8080);
    Router oneByOne = new Router(settings, new SeededDecisions(1)).dnat("10.0.2.9", 8080);
    conversations.clear();
    for (int client = 0; client < CLIENTS; client++) {
      conversations.add(TcpConversation.delivered(random));
      next[client] = 0;
    }
    for (int burst = 0; burst < 40; burst++) {
      boolean fromClients = random.nextBoolean();
      Device in = fromClients ? Router.ETH0 : Router.ETH1;
      List<Packet> packets = packets(fromClients, oneByOne, random);
      Meanwhile meanwhile = Meanwhile.values()[random.nextInt(Meanwhile.values().length)];
      int at = random.nextInt(3) == 0 ? random.nextInt(MOST_TOGETHER) : -1;
      long gap = random.nextInt(20) == 0 ? 200 * VirtualClock.NS_PER_SECOND : 1_000_000;

      List<String> outTogether = out(together, gap, meanwhile, at);
      together.host.receive(packets.stream().map(Packet::copy).toList(), in);
      List<String> outOneByOne = out(oneByOne, gap, meanwhile, at);
      packets.forEach(packet -> oneByOne.host.receive(packet, in));

      assertThat(outTogether).isEqualTo(outOneByOne);
      assertThat(together.conntrack.entries()).isEqualTo(oneByOne.conntrack.entries());
    }
    assertThat(together.conntrack.statistics()).isEqualTo(oneByOne.conntrack.statistics());
    assertThat(together.host.work().toMap()).isEqualTo(oneByOne.host.work().toMap());
  }

  /** Lets time pass, and returns what comes out of a router from now on. */
  private static List<String> out(Router router, long gapNs, Meanwhile meanwhile, int at) {
    router.clock.advanceTo(router.clock.nowNs() + gapNs);
    List<String> out = new ArrayList<>();
    router.host.sink(
        new Exits(
            (where, packet) -> {
              out.add(where + " " + packet + " " + PacketConnection.connectionOf(packet));
              if (out.size() == at) {
                happens(meanwhile, router);
              }
            }));
    return out;
  }

  private static void happens(Meanwhile meanwhile, Router router) {
    switch (meanwhile) {
      case NOTHING -> {}
      case ALL_END -> router.conntrack.flush();
      case A_SEGMENT_COMES ->
          router.host.receive(
              fromClient(0).tcpFlags(TcpFlags.ACK).tcpSequence(1).tcpAcknowledgment(1),
              Router.ETH0);
      case A_CONNECTION_BEGINS ->
          router.host.receive(
              Router.tcp("10.0.1.200", 1 + router.conntrack.size(), "10.0.2.9", 80, "S"),
              Router.ETH0);
    }
  }

  /** Returns what some of the clients, or of their servers, send next. */
  private List<Packet> packets(boolean fromClients, Router router, Random random) {
    List<Packet> packets = new ArrayList<>();
    int tries = 1 + random.nextInt(MOST_TOGETHER);
    for (int i = 0; i < tries; i++) {
      int client = random.nextInt(CLIENTS);
      List<TcpConversation.Segment> segments = conversations.get(client);
      if (next[client] == segments.size()) {
        next[client] = Math.max(0, segments.size() - 8);
      }
      TcpConversation.Segment segment = segments.get(next[client]);
      if (segment.fromClient() == fromClients) {
        next[client]++;
        Packet packet = fromClients ? fromClient(client) : fromServer(client, router);
        packets.add(
            segment
                .to(packet)
                .checksumValid(random.nextInt(40) != 0)
                .fragmentOffset(random.nextInt(60) == 0 ? 8 : 0));
      }
    }
    return packets;
  }

  /** Every third client speaks IPv6, which is not translated. */
  private static Packet fromClient(int client) {
    return client % 3 == 2
        ? Router.tcp("fd00:1::" + (5 + client), 1000, "fd00:2::9", 80, "")
        : Router.tcp("10.0.1." + (5 + client), 1000, "10.0.2.9", 80, "");
  }

  private static Packet fromServer(int client, Router router) {
    Packet sent = fromClient(client);
    return router
        .answerTo(sent.source())
        .orElseGet(() -> new Packet().addresses(sent.destination(), sent.source()).ports(80, 1000));
  }
}
