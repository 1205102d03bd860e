package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.HookState;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A router of both families, with functions on its hooks that count, and some that do more. */
final class CountingRouter {
  private static final List<Hook> HOOKS =
      List.of(Hook.PREROUTING, Hook.FORWARD, Hook.POSTROUTING, Hook.INPUT, Hook.OUTPUT);

  /** What rules say of connections before they are looked up, by the source port. */
  private static final List<ConnectionTemplate> TEMPLATES =
      List.of(
          ConnectionTemplate.NONE,
          ConnectionTemplate.of(Zone.of(1)),
          ConnectionTemplate.of(new Zone(2, true, false)),
          ConnectionTemplate.of(new Zone(3, false, true)),
          new ConnectionTemplate(Zone.DEFAULT, true, "", TimeoutPolicy.NONE),
          new ConnectionTemplate(Zone.DEFAULT, false, "ftp", TimeoutPolicy.NONE),
          new ConnectionTemplate(
              Zone.of(1),
              false,
              "",
              new TimeoutPolicy("short", ImmutableMap.of(Timeout.TCP_SYN_SENT, 60L))));

  final Router router;
  final List<TableEvent> events = new ArrayList<>();
  private final List<CountingFunction> counting = new ArrayList<>();

  /** Draws a router. */
  CountingRouter(Random random, ConntrackSettings settings) {
    router = new Router(settings, new SeededDecisions(1));
    for (IpFamily family : IpFamily.values()) {
      translations(family, random);
      HOOKS.forEach(hook -> functions(family, hook, random));
      if (random.nextInt(3) == 0) {
        Hook hook = random.nextBoolean() ? Hook.PREROUTING : Hook.OUTPUT;
        router.on(family, hook, HookPriority.CONNTRACK - 1, CountingRouter::sayMore);
      }
    }
  }

  private void translations(IpFamily family, Random random) {
    int translation = random.nextInt(5);
    if (translation > 0) {
      Nat nat = router.nat;
      IpAddress server = IpAddress.parse(family == IpFamily.IPV4 ? "10.0.2.9" : "fd00:2::9");
      NatRange to = NatRange.builder().addresses(server, server).ports(8080, 8080).build();
      for (Hook hook : List.of(Hook.PREROUTING, Hook.OUTPUT)) {
        if (random.nextInt(3) == 0) {
          router.chain(family, hook, CountingRouter::anyVerdict);
        }
        router.chain(family, hook, (packet, s) -> nat.setUp(packet, to, ManipType.DESTINATION));
      }
      if (translation == 2) {
        router.chain(
            family,
            Hook.POSTROUTING,
            (packet, state) -> nat.masquerade(packet, NatRange.ANY, state.out()));
      }
      if (translation > 2) {
        router.chain(family, Hook.POSTROUTING, counting(-1));
      }
    }
  }

  private static Verdict anyVerdict(Packet packet, HookState state) {
    int place = packet.sourcePort() % (2 * Verdict.values().length);
    return place < Verdict.values().length ? Verdict.values()[place] : Verdict.ACCEPT;
  }

  private void functions(IpFamily family, Hook hook, Random random) {
    for (int priority : List.of(HookPriority.RAW, HookPriority.MANGLE, HookPriority.FILTER)) {
      if (random.nextInt(3) > 0) {
        router.on(family, hook, priority, counting(random.nextInt(8)));
      }
    }
    if (random.nextInt(8) == 0) {
      router.on(
          family,
          hook,
          random.nextBoolean() ? HookPriority.MANGLE : HookPriority.FILTER,
          (packet, state) -> {
            packet.mark(packet.mark() ^ packet.sourcePort() % 2);
            return Verdict.ACCEPT;
          });
    }
  }

  private static Verdict sayMore(Packet packet, HookState state) {
    int which = packet.sourcePort() % (TEMPLATES.size() + 1);
    if (which == TEMPLATES.size()) {
      PacketConnection.untrack(packet);
    } else {
      PacketConnection.template(packet, TEMPLATES.get(which));
    }
    return Verdict.ACCEPT;
  }

  private CountingFunction counting(int droppedMark) {
    CountingFunction function = new CountingFunction(droppedMark);
    counting.add(function);
    return function;
  }

  /** Returns what each function counted. */
  List<ImmutableMap<CountingFunction.Kind, LongArrayList>> counted() {
    router.host.recording().tell();
    return counting.stream().map(CountingFunction::counted).toList();
  }

  /** Returns how many packets the functions saw themselves since this was asked last. */
  int takeRuns() {
    return counting.stream().mapToInt(CountingFunction::takeRuns).sum();
  }

  void listen() {
    router.conntrack.onEvent(events::add);
  }
}
