package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.HookShortcut;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.FastPath;
import dev.packetpath.core.host.RecordedPath;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Two routers alike, one of which sends all packets over its hooks. */
final class EstablishedPathProperties {
  private static final int CLIENTS = 6;

  /** What came of a packet, and the connections after it. */
  private record Received(String seen, List<ConntrackEntry> entries) {}

  private final int[] seen = new int[2];
  private final Map<Router, List<TableEvent>> events = new IdentityHashMap<>();

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void conversationsLeaveTheSameTraces(@ForAll long seed) {
    events.clear();
    Random random = new Random(seed);
    ConntrackSettings.Builder settings = ConntrackSettings.builder();
    settings.accounting(random.nextBoolean()).tcpBeLiberal(random.nextInt(4) == 0);
    settings.tcpMaxRetrans(1 + random.nextInt(3));
    int translation = random.nextInt(3);
    Router quick = router(settings.build(), translation, 0);
    Router slow = router(settings.build(), translation, 1);
    slow.host.fastPath(FastPath.NONE);
    slow.host.shortcut(HookShortcut.NONE);
    int listensFrom = random.nextInt(3) == 0 ? random.nextInt(40 * CLIENTS) : -1;
    List<List<TcpConversation.Segment>> conversations = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      conversations.add(TcpConversation.delivered(random));
    }
    int[] next = new int[CLIENTS];
    for (int i = 0; i < 40 * CLIENTS; i++) {
      if (i == listensFrom) {
        for (Router router : List.of(quick, slow)) {
          List<TableEvent> told = new ArrayList<>();
          events.put(router, told);
          router.conntrack.onEvent(told::add);
        }
      }
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
    assertThat(events(quick)).isEqualTo(events(slow));
    assertThat(seen[0]).isLessThanOrEqualTo(seen[1]);
  }

  private List<TableEvent> events(Router router) {
    return events.getOrDefault(router, List.of());
  }

  /** All but the first segments of a connection that lasts. */
  @Property(tries = 20, shrinking = ShrinkingMode.OFF)
  void mostSegmentsGoPastTheHooks(@ForAll @IntRange(max = 2) int translation) {
    seen[0] = 0;
    Router router = router(ConntrackSettings.DEFAULTS, translation, 0);
    establish(router, 1000);
    int before = seen[0];
    for (int i = 0; i < 100; i++) {
      router.fromEth0(plain(1000));
    }
    assertThat(seen[0] - before).isLessThanOrEqualTo(1);
  }

  private static Packet plain(int port) {
    return Router.tcp("10.0.1.5", port, "10.0.2.9", 8080, "A").tcpSequence(1).tcpAcknowledgment(1);
  }

  private static void establish(Router router, int port) {
    router.fromEth0(Router.tcp("10.0.1.5", port, "10.0.2.9", 8080, "S"));
    Tuple reply = router.conntrack.connections().get(router.conntrack.size() - 1).reply();
    router.fromEth1(
        new Packet()
            .addresses(reply.source(), reply.destination())
            .ports(reply.sourcePort(), reply.destinationPort())
            .tcpFlags(TcpFlags.SYN | TcpFlags.ACK)
            .tcpAcknowledgment(1));
    router.fromEth0(plain(port));
    router.fromEth0(plain(port));
  }

  /** A connection that gets the row of one that ended does not get its path. */
  @Test
  void aPathEndsWithItsConnection() {
    Router router = new Router().nat();
    establish(router, 1000);
    int slot = router.only().slot();
    assertThat(path(router)).isNotSameAs(RecordedPath.NONE);
    router.conntrack.flush();
    int tries = 0;
    do {
      router.conntrack.flush();
      router.fromEth0(Router.tcp("10.0.1.5", 2000, "10.0.2.9", 8080, "S"));
    } while (router.only().slot() != slot && tries++ < 2 * EntryStore.UNTOUCHED);
    assertThat(router.only().slot()).isEqualTo(slot);
    assertThat(path(router)).isSameAs(RecordedPath.NONE);
  }

  /** Returns the path of the original direction of the only connection. */
  private static RecordedPath path(Router router) {
    Connection only = router.only();
    return router.host.recording().path(EntryRow.path(only.row(), only.base(), 0));
  }

  /** Numbers of paths have 16 bits, and are given once more when all were. */
  @Test
  void aConnectionForgetsItsPathBeforeAnotherGetsItsNumber() {
    Router router = new Router().nat();
    establish(router, 1000);
    Connection only = router.only();
    assertThat(EntryRow.path(only.row(), only.base(), 0)).isPositive();
    int forgotten = 0;
    while (EntryRow.path(only.row(), only.base(), 0) != 0) {
      assertThat(forgotten++).isLessThan(1 << 16);
      router.host.recording().forget();
      assertThat(path(router)).isSameAs(RecordedPath.NONE);
    }
    router.fromEth0(plain(1000));
    assertThat(path(router)).isNotSameAs(RecordedPath.NONE);
  }

  /** The kernel counts repeats in 8 bits. */
  @Test
  void repeatsAreCountedModulo256() {
    Router quick = new Router().nat();
    Router slow = new Router().nat();
    slow.host.fastPath(FastPath.NONE);
    establish(quick, 1000);
    establish(slow, 1000);
    for (int i = 0; i < 600; i++) {
      quick.fromEth0(plain(1000));
      slow.fromEth0(plain(1000));
      assertThat(quick.only().expiresAtNs()).as("%s", i).isEqualTo(slow.only().expiresAtNs());
    }
  }

  /** What a rule drops before connection tracking sees it makes no room in a full table. */
  @Test
  void aPacketThatIsDroppedInRawLetsNoCollectorRun() {
    ConntrackSettings three = ConntrackSettings.builder().max(3).build();
    Router quick = new Router(three, new SeededDecisions(1)).nat();
    Router slow = new Router(three, new SeededDecisions(1)).nat();
    slow.host.fastPath(FastPath.NONE);
    for (Router router : List.of(quick, slow)) {
      router.on(
          Hook.PREROUTING,
          HookPriority.RAW,
          (packet, state) -> packet.mark() == 1 ? Verdict.DROP : Verdict.ACCEPT);
      for (int port = 1; port < 9; port++) {
        router.fromEth0(Router.udp("10.0.1.5", port, "10.0.2.9", 53));
      }
      router.clock.advanceTo(29 * VirtualClock.NS_PER_SECOND);
      router.fromEth0(plain(1000).mark(1));
    }
    assertThat(quick.conntrack.entries()).isEqualTo(slow.conntrack.entries()).isNotEmpty();
    assertThat(quick.conntrack.statistics()).isEqualTo(slow.conntrack.statistics());
  }

  /** Packets that do not leave are no burden: nothing is learnt of each anew. */
  @Test
  void aConnectionWithThisHostIsTriedOnce() {
    Router router = new Router().nat();
    router.fromEth0(Router.tcp("10.0.1.5", 1000, "10.0.1.1", 22, "S"));
    router.send(Router.tcp("10.0.1.1", 22, "10.0.1.5", 1000, "SA").tcpAcknowledgment(1));
    Packet ack =
        Router.tcp("10.0.1.5", 1000, "10.0.1.1", 22, "A").tcpSequence(1).tcpAcknowledgment(1);
    router.fromEth0(ack.copy());
    router.fromEth0(ack.copy());
    assertThat(router.host.recording().isClosed(path(router))).isTrue();
    assertThat(router.host.recording().isOn()).isFalse();
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

  private static Received received(Router router, Packet packet, boolean fromClient) {
    String seen = router.seen(packet, fromClient ? Router.ETH0 : Router.ETH1);
    return new Received(seen, router.conntrack.entries());
  }

  /** Answers go to where the server saw the client. */
  private static Packet packet(int client, TcpConversation.Segment segment, Router router) {
    String address = "10.0.1." + (5 + client);
    String service = "10.0.2." + (9 + client % 2);
    if (segment.fromClient()) {
      return Router.tcp(address, 1000, service, 80, "");
    }
    return router
        .answerTo(IpAddress.parse(address))
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
