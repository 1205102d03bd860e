package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.HookShortcut;
import dev.packetpath.core.HookState;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.UniformFunction;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.host.PathEffect;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

/** Routers alike, some of which send first packets over all hook functions. */
final class FirstPacketsProperties {
  private static final int[] FLAGS = {
    TcpFlags.SYN,
    TcpFlags.SYN | TcpFlags.PSH,
    TcpFlags.SYN | TcpFlags.ACK,
    TcpFlags.SYN | TcpFlags.FIN,
    TcpFlags.ACK,
    0
  };

  /** Counts packets, by hook, as a table's walk does that asks for mark, state and devices. */
  private static final class Counting implements UniformFunction {
    private int droppedMark;
    private int runs;
    private long packets;
    private long bytes;

    Counting(int droppedMark) {
      this.droppedMark = droppedMark;
    }

    @Override
    public Verdict run(Packet packet, HookState state) {
      runs++;
      packets++;
      bytes += packet.length();
      return packet.mark() == droppedMark ? Verdict.DROP : Verdict.ACCEPT;
    }

    @Override
    public Optional<PathEffect> effectOn(Packet packet, HookState state) {
      return packet.mark() == droppedMark
          ? Optional.empty()
          : Optional.of(
              (more, moreBytes) -> {
                packets += more;
                bytes += moreBytes;
              });
    }
  }

  /** A router and what counts on its hooks. */
  private record Side(Router router, List<Counting> counting, List<TableEvent> events) {
    String counted() {
      router.host.recording().tell();
      StringBuilder text = new StringBuilder();
      counting.forEach(one -> text.append(one.packets).append(':').append(one.bytes).append(' '));
      return text.toString();
    }

    int runs() {
      return counting.stream().mapToInt(one -> one.runs).sum();
    }

    void listen() {
      router.conntrack.onEvent(events::add);
    }
  }

  private static Side side(Random random, ConntrackSettings settings) {
    Router router = new Router(settings, new SeededDecisions(1));
    Side side = new Side(router, new ArrayList<>(), new ArrayList<>());
    int translation = random.nextInt(4);
    if (translation > 0) {
      router.dnat("10.0.2.9", 8080);
    }
    if (translation == 2) {
      router.masquerade(NatRange.ANY);
    }
    if (translation == 3) {
      Counting walk = new Counting(-1);
      side.counting.add(walk);
      router.chain(Hook.POSTROUTING, walk);
    }
    for (Hook hook : List.of(Hook.PREROUTING, Hook.FORWARD, Hook.POSTROUTING, Hook.INPUT)) {
      for (int priority : List.of(HookPriority.RAW, HookPriority.MANGLE, HookPriority.FILTER)) {
        if (random.nextInt(3) > 0) {
          Counting counting = new Counting(random.nextInt(8));
          side.counting.add(counting);
          router.on(hook, priority, counting);
        }
      }
      if (random.nextInt(8) == 0) {
        router.on(
            hook,
            random.nextBoolean() ? HookPriority.MANGLE : HookPriority.FILTER,
            (packet, state) -> {
              packet.mark(packet.mark() ^ packet.sourcePort() % 2);
              return Verdict.ACCEPT;
            });
      }
    }
    return side;
  }

  @Property(tries = 300, shrinking = ShrinkingMode.OFF)
  void nothingDiffers(@ForAll long seed) {
    Random random = new Random(seed);
    ConntrackSettings settings =
        ConntrackSettings.builder()
            .accounting(random.nextBoolean())
            .max(random.nextBoolean() ? 12 : 0)
            .buckets(random.nextBoolean() ? 2 : ConntrackSettings.DEFAULTS.buckets())
            .build();
    Side quick = side(new Random(seed), settings);
    Side slow = side(new Random(seed), settings);
    slow.router.host.shortcut(HookShortcut.NONE);
    int listensFrom = random.nextInt(4) == 0 ? random.nextInt(150) : -1;
    int expectsFrom = random.nextInt(4) == 0 ? random.nextInt(150) : -1;
    for (int i = 0; i < 150; i++) {
      boolean back = random.nextInt(6) == 0;
      Packet packet = packet(random, back);
      long gap = random.nextInt(30) == 0 ? 130 * VirtualClock.NS_PER_SECOND : 1_000_000;
      for (Side side : List.of(quick, slow)) {
        if (i == listensFrom) {
          side.listen();
        }
        if (i == expectsFrom && side.router.conntrack.size() > 0) {
          expect(side.router);
        }
        side.router.clock.advanceTo(side.router.clock.nowNs() + gap);
      }
      assertThat(received(quick.router, packet.copy(), back))
          .as("packet %s, %s", i, packet)
          .isEqualTo(received(slow.router, packet.copy(), back));
    }
    assertThat(quick.counted()).isEqualTo(slow.counted());
    assertThat(quick.router.conntrack.statistics()).isEqualTo(slow.router.conntrack.statistics());
    assertThat(quick.events).isEqualTo(slow.events);
    assertThat(quick.runs()).isLessThanOrEqualTo(slow.runs());
  }

  /** An expected connection starts related to the first one in the table. */
  private static void expect(Router router) {
    Connection master = router.conntrack.connections().get(0);
    master.helper("ftp"); // which says for how long it is waited for
    IpAddress client = IpAddress.parse("10.0.1.5");
    IpAddress server = IpAddress.parse("10.0.2.9");
    router
        .conntrack
        .expectations()
        .add(new Expectation(client, server, 80, master, Direction.ORIGINAL, 80));
  }

  private static Packet packet(Random random, boolean back) {
    String client = "10.0.1." + (5 + random.nextInt(3));
    String server = random.nextInt(6) == 0 ? "10.0.1.1" : "10.0.2." + (9 + random.nextInt(2));
    int port = 1000 + random.nextInt(random.nextBoolean() ? 10 : 1000);
    Packet packet =
        random.nextInt(4) == 0
            ? Router.udp(client, port, server, 80)
            : Router.tcp(client, port, server, 80, "")
                .tcpFlags(random.nextInt(3) > 0 ? TcpFlags.SYN : FLAGS[random.nextInt(6)]);
    if (back) {
      packet.addresses(packet.destination(), packet.source());
    }
    return switch (random.nextInt(20)) {
      case 0 -> packet.ttl(1);
      case 1 -> packet.checksumValid(false);
      case 2 -> packet.transportTruncated(true);
      case 3 -> packet.moreFragments(true);
      case 4 -> packet.payloadLength(1461);
      case 5, 6 -> packet.mark(random.nextInt(8));
      case 7 -> packet.tcpOptions(new byte[] {2, 4, 5, (byte) 180, 3, 3, 7, 0});
      case 8 -> packet.tcpWindow(random.nextInt(3)).tcpSequence(random.nextInt());
      case 9 -> packet.protocol(IpProtocol.TCP).payloadLength(20);
      default -> packet;
    };
  }

  private static String received(Router router, Packet packet, boolean back) {
    return router.seen(packet, back ? Router.ETH1 : Router.ETH0) + router.host.work().toMap();
  }

  /** Returns how often functions on four places of the hooks run for so many SYNs. */
  private static int runsFor(Router router, int syns) {
    Counting counting = new Counting(1);
    router.on(Hook.PREROUTING, HookPriority.RAW, counting);
    router.on(Hook.PREROUTING, HookPriority.MANGLE, counting);
    router.on(Hook.FORWARD, HookPriority.FILTER, counting);
    router.on(Hook.POSTROUTING, HookPriority.MANGLE, counting);
    for (int i = 0; i < syns; i++) {
      router.fromEth0(syn(1000 + i));
    }
    assertThat(router.conntrack.size()).isEqualTo(syns);
    router.host.recording().tell();
    assertThat(counting.packets).isEqualTo(4L * syns);
    return counting.runs;
  }

  private static Packet syn(int port) {
    return Router.tcp("10.0.1.5", port, "10.0.2.9", 80, "S");
  }

  @Test
  void functionsThatDoTheSameForAllRunForNone() {
    assertThat(runsFor(new Router().dnat("10.0.2.9", 8080), 9)).isZero();
    assertThat(runsFor(new Router(), 9)).as("without NAT").isZero();
  }

  @Test
  void functionsBehindOneThatDoesMoreRunForEach() {
    HookFunction more = (packet, state) -> Verdict.ACCEPT;
    Router inMangle = new Router().on(Hook.FORWARD, HookPriority.MANGLE, more);
    assertThat(runsFor(inMangle, 9)).isEqualTo(9);
    Router beforeLookUp = new Router().on(Hook.PREROUTING, HookPriority.CONNTRACK - 1, more);
    assertThat(runsFor(beforeLookUp, 9)).as("both of PREROUTING").isEqualTo(18);
    Router beforeConfirmation = new Router().on(Hook.POSTROUTING, HookPriority.SECURITY, more);
    assertThat(runsFor(beforeConfirmation, 9)).isEqualTo(9);
  }

  /** Where the same SYN comes in again before it leaves, the second is in the table first. */
  @Test
  void aTupleThatIsTakenOnTheWayIsFound() {
    List<Router> routers = List.of(new Router().nat(), new Router().nat());
    routers.get(1).host.shortcut(HookShortcut.NONE);
    for (Router router : routers) {
      int[] sent = {0};
      router.on(
          Hook.FORWARD,
          0,
          (packet, state) -> {
            if (sent[0]++ == 0) {
              router.host.receive(syn(1000), Router.ETH0);
            }
            return Verdict.ACCEPT;
          });
      router.fromEth0(syn(1000));
      router.fromEth0(syn(1001));
    }
    assertThat(routers.get(0).conntrack.entries()).isEqualTo(routers.get(1).conntrack.entries());
    assertThat(routers.get(0).conntrack.entries()).hasSize(2);
    assertThat(routers.get(0).conntrack.statistics().insertFailed()).isEqualTo(1);
    assertThat(routers.get(0).out).hasSameSizeAs(routers.get(1).out);
  }

  @Test
  void aTracedPacketGoesOverAllFunctions() {
    Router router = new Router();
    router.host.trace().keep(true);
    assertThat(runsFor(router, 9)).isEqualTo(36);
  }

  /**
   * Whoever is told that a connection ended may read what was counted for the packet that comes.
   */
  @Test
  void aListenerReadsWhatTheHooksCounted() {
    List<Router> routers = List.of(new Router(), new Router());
    routers.get(1).host.shortcut(HookShortcut.NONE);
    List<String> read = new ArrayList<>();
    for (Router router : routers) {
      Counting counting = new Counting(-1);
      router.on(Hook.PREROUTING, HookPriority.RAW, counting);
      router.conntrack.onEvent(
          event -> {
            router.host.recording().tell();
            read.add(counting.packets + " " + event.kind() + " " + router.host.work().toMap());
          });
      router.fromEth0(syn(1000));
      router.clock.advanceTo(130 * VirtualClock.NS_PER_SECOND);
      router.fromEth0(syn(1001));
    }
    int half = read.size() / 2;
    assertThat(read.subList(0, half)).isEqualTo(read.subList(half, read.size())).hasSize(3);
  }

  @Test
  void anExpectedConnectionIsRelated() {
    Router router = new Router();
    router.fromEth0(syn(1000));
    expect(router);
    assertThat(Router.state(router.fromEth0(syn(1001)))).isEqualTo(ConnectionState.RELATED);
  }

  @Test
  void aSecondNatFindsNothingToDo() {
    List<Router> routers = List.of(new Router().nat(), new Router().nat());
    routers.get(1).host.shortcut(HookShortcut.NONE);
    for (Router router : routers) {
      Nat second = Nat.attach(router.conntrack);
      second.registerChain(IpFamily.IPV4, Hook.POSTROUTING, HookPriority.NAT_SRC, new Counting(-1));
      router.fromEth0(syn(1000));
    }
    assertThat(routers.get(0).host.work().toMap()).isEqualTo(routers.get(1).host.work().toMap());
  }

  /** Packets of marks that never come again are learnt from for a while. */
  @Test
  void notAllKindsAreLearntUntilFunctionsChange() {
    Router router = new Router();
    Counting counting = new Counting(-1);
    router.on(Hook.FORWARD, HookPriority.FILTER, counting);
    int marks = 20_000;
    for (int mark = 0; mark < marks; mark++) {
      router.fromEth0(syn(1000).mark(mark));
      router.conntrack.flush();
    }
    assertThat(counting.runs).isBetween(1, marks - 1);
    counting.runs = 0;
    router.host.recording().forget();
    router.fromEth0(syn(1000).mark(marks));
    assertThat(counting.runs).isZero();
  }

  @Test
  void whatFunctionsDoIsAskedAnewOnceItChanged() {
    Router router = new Router();
    Counting counting = new Counting(1);
    router.on(Hook.FORWARD, HookPriority.FILTER, counting);
    router.fromEth0(syn(1000));
    counting.droppedMark = 0;
    router.host.recording().forget();
    assertThat(counting.packets).isEqualTo(1);
    router.fromEth0(syn(1001));
    assertThat(router.conntrack.size()).isEqualTo(1);
    assertThat(counting.runs).isEqualTo(1);
  }
}
