package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.FastPath;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Two routers alike, one of which sends all packets over its hooks. */
final class EstablishedPathProperties {
  private static final int CLIENTS = 6;

  private final int[] seen = new int[2];

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void conversationsLeaveTheSameTraces(@ForAll long seed) {
    Random random = new Random(seed);
    ConntrackSettings.Builder settings = ConntrackSettings.builder();
    settings.accounting(random.nextBoolean()).tcpBeLiberal(random.nextInt(4) == 0);
    settings.tcpMaxRetrans(1 + random.nextInt(3));
    int translation = random.nextInt(3);
    Router quick = router(settings.build(), translation, 0);
    Router slow = router(settings.build(), translation, 1);
    slow.host.fastPath(FastPath.NONE);
    List<List<TcpConversation.Segment>> conversations = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      conversations.add(TcpConversation.delivered(random));
    }
    int[] next = new int[CLIENTS];
    for (int i = 0; i < 40 * CLIENTS; i++) {
      long gap = random.nextInt(60) == 0 ? 200 * VirtualClock.NS_PER_SECOND : 1_000_000;
      int client = random.nextInt(CLIENTS);
      List<TcpConversation.Segment> segments = conversations.get(client);
      if (next[client] == segments.size()) {
        next[client] = Math.max(0, segments.size() - 6); // its last segments once more
      }
      TcpConversation.Segment segment = segments.get(next[client]++);
      Packet packet = vary(segment.to(packet(client, segment, slow)), random);
      quick.clock.advanceTo(quick.clock.nowNs() + gap);
      slow.clock.advanceTo(slow.clock.nowNs() + gap);
      assertThat(received(quick, packet.copy(), segment.fromClient()))
          .isEqualTo(received(slow, packet.copy(), segment.fromClient()));
    }
    assertThat(quick.conntrack.entries()).isEqualTo(slow.conntrack.entries());
    assertThat(quick.conntrack.statistics()).isEqualTo(slow.conntrack.statistics());
    assertThat(quick.host.work().toMap()).isEqualTo(slow.host.work().toMap());
    assertThat(seen[0]).isLessThanOrEqualTo(seen[1]);
  }

  /** A router that counts the packets that a hook function sees. */
  private Router router(ConntrackSettings settings, int translation, int counter) {
    Router router = new Router(settings, new SeededDecisions(1));
    if (translation > 0) {
      router.dnat("10.0.2.9", 8080);
    }
    if (translation > 1) {
      router.masquerade(NatRange.ANY);
    }
    return router.on(
        Hook.FORWARD,
        0,
        (packet, state) -> {
          seen[counter]++;
          router.host.recording().repeats();
          return Verdict.ACCEPT;
        });
  }

  /** Returns what came out, with all that a later hook function or a sink could ask. */
  private static String received(Router router, Packet packet, boolean fromClient) {
    Packet out = fromClient ? router.fromEth0(packet) : router.fromEth1(packet);
    return out
        + " ttl "
        + out.ttl()
        + " "
        + Router.state(out)
        + " "
        + PacketConnection.connectionOf(out)
        + " "
        + router.conntrack.entries();
  }

  /** Answers go to where the server saw the client. */
  private static Packet packet(int client, TcpConversation.Segment segment, Router router) {
    String address = "10.0.1." + (5 + client);
    String service = "10.0.2." + (9 + client % 2);
    if (segment.fromClient()) {
      return Router.tcp(address, 1000, service, 80, "");
    }
    return router.conntrack.connections().stream()
        .filter(connection -> connection.original().source().toString().equals(address))
        .findFirst()
        .map(Connection::reply)
        .map(
            reply ->
                new Packet()
                    .addresses(reply.source(), reply.destination())
                    .ports(reply.sourcePort(), reply.destinationPort()))
        .orElseGet(() -> Router.tcp(service, 80, address, 1000, ""));
  }

  private static Packet vary(Packet packet, Random random) {
    return switch (random.nextInt(30)) {
      case 0 -> packet.mark(1);
      case 1 -> packet.tos(4);
      case 2 -> packet.ttl(1);
      case 3 -> packet.tcpWindow(0);
      case 4 -> packet.checksumValid(false);
      case 5 -> packet.payloadLength(1461);
      default -> packet;
    };
  }
}
