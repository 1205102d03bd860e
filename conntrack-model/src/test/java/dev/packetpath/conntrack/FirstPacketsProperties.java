package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.HookShortcut;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Routers alike, some of which send first packets over all hook functions. */
final class FirstPacketsProperties {
  private enum Way {
    FROM_ETH0,
    FROM_ETH1,
    FROM_HOST
  }

  private static final Way[] WAYS = {
    Way.FROM_ETH0, Way.FROM_ETH0, Way.FROM_ETH0, Way.FROM_ETH1, Way.FROM_HOST
  };
  private static final int[] FLAGS = {
    TcpFlags.SYN,
    TcpFlags.SYN | TcpFlags.PSH,
    TcpFlags.SYN | TcpFlags.ACK,
    TcpFlags.SYN | TcpFlags.FIN,
    TcpFlags.ACK,
    0
  };

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void nothingDiffers(@ForAll long seed) {
    Random random = new Random(seed);
    ConntrackSettings settings =
        ConntrackSettings.builder()
            .accounting(random.nextBoolean())
            .max(random.nextBoolean() ? 12 : 0)
            .buckets(random.nextBoolean() ? 2 : ConntrackSettings.DEFAULTS.buckets())
            .build();
    CountingRouter quick = new CountingRouter(new Random(seed), settings);
    CountingRouter slow = new CountingRouter(new Random(seed), settings);
    slow.router.host.shortcut(HookShortcut.NONE);
    boolean waits = random.nextInt(3) > 0;
    int listensFrom = random.nextInt(4) == 0 ? random.nextInt(150) : -1;
    int expectsFrom = random.nextInt(4) == 0 ? random.nextInt(150) : -1;
    for (int i = 0; i < 150; i++) {
      Way way = WAYS[random.nextInt(WAYS.length)];
      Packet packet = packet(random, way);
      long gap = waits && random.nextInt(20) == 0 ? 130 * VirtualClock.NS_PER_SECOND : 1_000_000;
      for (CountingRouter side : List.of(quick, slow)) {
        if (i == listensFrom) {
          side.listen();
        }
        if (i == expectsFrom && side.router.conntrack.size() > 0) {
          expect(side.router);
        }
        side.router.clock.advanceTo(side.router.clock.nowNs() + gap);
      }
      assertThat(seen(quick.router, packet.copy(), way))
          .as("packet %s, %s %s", i, way, packet)
          .isEqualTo(seen(slow.router, packet.copy(), way));
      if (i % 10 == 9) {
        assertThat(quick.router.conntrack.entries()).isEqualTo(slow.router.conntrack.entries());
      }
    }
    assertThat(quick.counted()).isEqualTo(slow.counted());
    assertThat(quick.router.conntrack.statistics()).isEqualTo(slow.router.conntrack.statistics());
    assertThat(quick.events).isEqualTo(slow.events);
    assertThat(quick.takeRuns()).isLessThanOrEqualTo(slow.takeRuns());
  }

  /** An expected connection starts related to the first one in the table. */
  private static void expect(Router router) {
    Connection master = router.conntrack.connections().get(0);
    master.helper("ftp"); // which says for how long it is waited for
    boolean v6 = master.original().source().family() == IpFamily.IPV6;
    IpAddress client = IpAddress.parse(v6 ? "fd00:1::5" : "10.0.1.5");
    IpAddress server = IpAddress.parse(v6 ? "fd00:2::9" : "10.0.2.9");
    router
        .conntrack
        .expectations()
        .add(new Expectation(client, server, 80, master, Direction.ORIGINAL, 80));
  }

  private static Packet packet(Random random, Way way) {
    boolean v6 = random.nextInt(3) == 0;
    String here = v6 ? "fd00:1::" : "10.0.1.";
    String there = v6 ? "fd00:2::" : "10.0.2.";
    String client = here + (way == Way.FROM_HOST ? 1 : 5 + random.nextInt(3));
    String server = random.nextInt(6) == 0 ? here + 1 : there + (9 - random.nextInt(2));
    int port = 1000 + random.nextInt(random.nextBoolean() ? 10 : 1000);
    Packet packet =
        random.nextInt(4) == 0
            ? Router.udp(client, port, server, 80)
            : Router.tcp(client, port, server, 80, "")
                .tcpFlags(random.nextInt(3) > 0 ? TcpFlags.SYN : FLAGS[random.nextInt(6)]);
    if (way == Way.FROM_ETH1) {
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
      case 10 -> packet.protocol(IpProtocol.UDP);
      case 11 -> packet.atomicFragment(true);
      default -> packet;
    };
  }

  private static String seen(Router router, Packet packet, Way way) {
    String seen =
        switch (way) {
          case FROM_ETH0 -> router.seen(packet, Router.ETH0);
          case FROM_ETH1 -> router.seen(packet, Router.ETH1);
          case FROM_HOST -> router.seenOfOwn(packet);
        };
    return seen + router.host.work().toMap();
  }

  /** Returns how often functions on four places of the hooks run for so many SYNs. */
  private static int runsFor(Router router, int syns) {
    CountingFunction counting = new CountingFunction(1);
    router.on(Hook.PREROUTING, HookPriority.RAW, counting);
    router.on(Hook.PREROUTING, HookPriority.MANGLE, counting);
    router.on(Hook.FORWARD, HookPriority.FILTER, counting);
    router.on(Hook.POSTROUTING, HookPriority.MANGLE, counting);
    for (int i = 0; i < syns; i++) {
      router.fromEth0(syn(1000 + i));
    }
    assertThat(router.conntrack.size()).isEqualTo(syns);
    router.host.recording().tell();
    assertThat(counting.packets()).isEqualTo(4L * syns);
    return counting.takeRuns();
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

  @Test
  void aFunctionBehindTheConfirmationRunsForEach() {
    Router router = new Router();
    HookFunction confirm =
        router.host.hooks().at(IpFamily.IPV4, Hook.POSTROUTING).stream()
            .filter(registered -> registered.name().equals("conntrack confirm"))
            .findAny()
            .orElseThrow()
            .function();
    router.host.hooks().unregister(IpFamily.IPV4, Hook.POSTROUTING, "conntrack confirm");
    int[] runs = {0};
    HookFunction behind =
        (packet, state) -> {
          assertThat(PacketConnection.connectionOf(packet).isConfirmed()).isTrue();
          runs[0]++;
          return Verdict.ACCEPT;
        };
    router
        .on(Hook.POSTROUTING, HookPriority.CONNTRACK_CONFIRM, behind)
        .on(Hook.POSTROUTING, HookPriority.CONNTRACK_CONFIRM, confirm);
    assertThat(runsFor(router, 9)).isZero();
    assertThat(runs[0]).isEqualTo(9);
  }

  @Test
  void withoutTheConfirmationNothingIsConfirmed() {
    List<Router> routers = List.of(new Router(), new Router());
    routers.get(1).host.shortcut(HookShortcut.NONE);
    for (Router router : routers) {
      router.host.hooks().unregister(IpFamily.IPV4, Hook.POSTROUTING, "conntrack confirm");
      router.on(Hook.FORWARD, HookPriority.FILTER, new CountingFunction(1));
      router.fromEth0(syn(1000));
      assertThat(router.conntrack.size()).isZero();
    }
    assertThat(routers.get(0).host.work().toMap()).isEqualTo(routers.get(1).host.work().toMap());
  }

  /** Lets a packet come in while the first one that is forwarded is on its way. */
  private static void receivesAtFirstForward(Router router, Packet other) {
    int[] forwarded = {0};
    router.on(
        Hook.FORWARD,
        0,
        (packet, state) -> {
          if (forwarded[0]++ == 0) {
            router.host.receive(other, Router.ETH0);
          }
          return Verdict.ACCEPT;
        });
  }

  /** Where another SYN comes in before one has left, both connections are what they are alone. */
  @Test
  void aConnectionThatBeginsMeanwhileTakesNothingFromAnother() {
    List<Router> routers =
        List.of(new Router().dnat("10.0.2.9", 8080), new Router().dnat("10.0.2.9", 8080));
    routers.get(1).host.shortcut(HookShortcut.NONE);
    for (Router router : routers) {
      receivesAtFirstForward(router, syn(2000));
      router.fromEth0(syn(1000));
      router.fromEth0(syn(1001));
      assertThat(router.conntrack.entries()).hasSize(3);
    }
    assertThat(routers.get(0).conntrack.entries()).isEqualTo(routers.get(1).conntrack.entries());
    assertThat(routers.get(0).host.work().toMap()).isEqualTo(routers.get(1).host.work().toMap());
  }

  /** Where the same SYN comes in again before it leaves, the second is in the table first. */
  @Test
  void aTupleThatIsTakenOnTheWayIsFound() {
    List<Router> routers = List.of(new Router().nat(), new Router().nat());
    routers.get(1).host.shortcut(HookShortcut.NONE);
    for (Router router : routers) {
      receivesAtFirstForward(router, syn(1000));
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
      CountingFunction counting = new CountingFunction(-1);
      router.on(Hook.PREROUTING, HookPriority.RAW, counting);
      router.conntrack.onEvent(
          event -> {
            router.host.recording().tell();
            read.add(counting.packets() + " " + event.kind() + " " + router.host.work().toMap());
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

  @ParameterizedTest
  @EnumSource(Verdict.class)
  void whatNatSaysHolds(Verdict verdict) {
    List<Router> routers = List.of(new Router(), new Router());
    routers.get(1).host.shortcut(HookShortcut.NONE);
    for (Router router : routers) {
      Nat.attach(router.conntrack)
          .registerChain(
              IpFamily.IPV4,
              Hook.PREROUTING,
              HookPriority.NAT_DST,
              (packet, state) -> packet.sourcePort() == 1000 ? verdict : Verdict.ACCEPT);
      router.fromEth0(syn(1001));
      router.host.receive(syn(1000), Router.ETH0);
      assertThat(router.out).hasSize(verdict.letsGoOn() ? 2 : 1);
      router.fromEth0(syn(1002));
    }
    assertThat(routers.get(0).host.work().toMap()).isEqualTo(routers.get(1).host.work().toMap());
    assertThat(routers.get(0).conntrack.entries()).isEqualTo(routers.get(1).conntrack.entries());
  }

  @Test
  void aSecondNatFindsNothingToDo() {
    List<Router> routers = List.of(new Router().nat(), new Router().nat());
    routers.get(1).host.shortcut(HookShortcut.NONE);
    for (Router router : routers) {
      Nat second = Nat.attach(router.conntrack);
      second.registerChain(
          IpFamily.IPV4, Hook.POSTROUTING, HookPriority.NAT_SRC, new CountingFunction(-1));
      router.fromEth0(syn(1000));
    }
    assertThat(routers.get(0).host.work().toMap()).isEqualTo(routers.get(1).host.work().toMap());
  }

  /** Packets of marks that never come again are learnt from for a while. */
  @Test
  void notAllKindsAreLearntUntilFunctionsChange() {
    Router router = new Router();
    CountingFunction counting = new CountingFunction(-1);
    router.on(Hook.FORWARD, HookPriority.FILTER, counting);
    int marks = 20_000;
    for (int mark = 0; mark < marks; mark++) {
      router.fromEth0(syn(1000).mark(mark));
      router.conntrack.flush();
    }
    assertThat(counting.takeRuns()).isBetween(1, marks - 1);
    router.host.recording().forget();
    router.fromEth0(syn(1000).mark(marks));
    assertThat(counting.takeRuns()).isZero();
  }

  @Test
  void whatFunctionsDoIsAskedAnewOnceItChanged() {
    Router router = new Router();
    CountingFunction counting = new CountingFunction(1);
    router.on(Hook.FORWARD, HookPriority.FILTER, counting);
    router.fromEth0(syn(1000));
    counting.dropMark(0);
    router.host.recording().forget();
    assertThat(counting.packets()).isEqualTo(1);
    router.fromEth0(syn(1001));
    assertThat(router.conntrack.size()).isEqualTo(1);
    assertThat(counting.takeRuns()).isEqualTo(1);
  }
}
