package dev.packetpath.node;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackEntry;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.RulesetProgram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A node whose packets are divided over engines by the flow's sender, each engine in a thread of
 * its own. They share the program, which nobody changes, and nothing else, so there is no lock.
 * Random draws depend on a packet's number and not on its engine: any number of engines gives the
 * same verdicts, translations, entries and counters.
 *
 * <p>That holds as long as flows of different senders do not meet in one state. Rules that limit,
 * count, remember or choose a free port make them meet, and so does a full table. {@link #mayShare}
 * tells such rules beforehand, {@link #totals} refuses to add up where packets came to one. Work is
 * the same but for {@code conntrackEntryCompared}: an engine's buckets hold its own entries only.
 *
 * <p>Not for nodes with ip_vs or nftables, whose schedulers and sets are shared by nature.
 */
public final class ParallelNode {
  private final NodeSnapshot snapshot;
  private final Map<IpFamily, RulesetProgram> programs;
  private final ImmutableList<Engine> engines;

  private ParallelNode(
      NodeSnapshot snapshot,
      Map<IpFamily, RulesetProgram> programs,
      ImmutableList<Engine> engines) {
    this.snapshot = snapshot;
    this.programs = programs;
    this.engines = engines;
  }

  /**
   * Returns a node on some engines.
   *
   * @param snapshot the node
   * @param engines how many engines, at least 1
   * @param seed what random draws are made from
   * @throws IllegalArgumentException if there are no engines, the node waits for connections that
   *     others announced, or there is more than one engine and the node has ip_vs or nftables or
   *     limits ICMP errors
   */
  public static ParallelNode of(NodeSnapshot snapshot, int engines, long seed) {
    checkArgument(engines >= 1, "at least one engine, found %s", engines);
    checkArgument(
        snapshot.expectations().isEmpty(),
        "a node that waits for announced connections runs as a Node, not on engines");
    if (engines > 1) {
      checkDivisible(snapshot);
    }
    Map<IpFamily, RulesetProgram> programs = Node.compile(snapshot);
    ImmutableList.Builder<Engine> made = ImmutableList.builder();
    for (int i = 0; i < engines; i++) {
      Node node =
          Node.builder(withoutConnections(snapshot))
              .programs(programs)
              .decisions(new SeededDecisions(seed))
              .build();
      Engine engine = new Engine(i, engines, node);
      node.conntrack().ifPresent(conntrack -> conntrack.load(ownOf(engine, snapshot)));
      made.add(engine);
    }
    return new ParallelNode(snapshot, programs, made.build());
  }

  private static void checkDivisible(NodeSnapshot snapshot) {
    checkArgument(
        snapshot.virtualServices().isEmpty() && snapshot.nftTables().isEmpty(),
        "a node with ip_vs or nftables needs one engine");
    for (String limit : List.of("net.ipv4.icmp_ratelimit", "net.ipv6.icmp.ratelimit")) {
      long value = snapshot.sysctls().number(limit, 1000);
      checkArgument(
          value == 0,
          "flows to one peer share %s=%s: set it to 0, or use one engine",
          limit,
          value);
    }
  }

  private static NodeSnapshot withoutConnections(NodeSnapshot snapshot) {
    return snapshot.connections().isPresent()
        ? snapshot.withConnections(ImmutableList.of())
        : snapshot;
  }

  private static List<ConntrackEntry> ownOf(Engine engine, NodeSnapshot snapshot) {
    return snapshot.connections().orElse(ImmutableList.of()).stream()
        .filter(
            entry ->
                engine.takes(
                    entry.original().sourceHigh(),
                    entry.original().sourceLow(),
                    entry.original().sourcePort()))
        .toList();
  }

  /** Returns the engines. */
  public ImmutableList<Engine> engines() {
    return engines;
  }

  /**
   * Returns the rules whose answer to one flow may depend on others, with their places. A run in
   * which no packet comes to one of them is the same on any number of engines.
   */
  public ImmutableList<String> mayShare() {
    ImmutableList.Builder<String> found = ImmutableList.builder();
    for (IpFamily family : IpFamily.values()) {
      snapshot.ruleset(family).map(SharedRules::in).ifPresent(found::addAll);
    }
    return found.build();
  }

  /**
   * Lets each engine run in a thread of its own and waits until all are done. An engine is given to
   * the workload once; it feeds it the packets that the engine {@link Engine#takes}, in order.
   *
   * @throws IllegalStateException if the workload of an engine failed; the cause says how
   */
  public void run(Consumer<Engine> workload) throws InterruptedException {
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (Engine engine : engines) {
      Thread thread = new Thread(() -> workload.accept(engine), "engine-" + engine.index());
      thread.setUncaughtExceptionHandler((failed, failure) -> failures.add(failure));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    long nowNs =
        engines.stream().mapToLong(engine -> engine.node().host().clock().nowNs()).max().orElse(0);
    engines.forEach(engine -> engine.node().host().clock().advanceTo(nowNs));
    if (!failures.isEmpty()) {
      throw new IllegalStateException("an engine failed", failures.get(0));
    }
  }

  /**
   * Returns what all engines counted and hold together.
   *
   * @throws SharedStateException if there are several engines and flows met in a shared state
   */
  public Totals totals() {
    ImmutableList<String> shared = engines.size() == 1 ? ImmutableList.of() : shared();
    if (!shared.isEmpty()) {
      throw new SharedStateException(shared);
    }
    Work work = new Work();
    ImmutableList.Builder<ConntrackEntry> entries = ImmutableList.builder();
    for (Engine engine : engines) {
      work.add(engine.node().host().work());
      engine.node().conntrack().map(Conntrack::entries).ifPresent(entries::addAll);
    }
    return new Totals(counters(), work.toMap(), entries.build());
  }

  /** Adds all counters up in tables that saw no packet. */
  private ImmutableList<Ruleset> counters() {
    Node sum = Node.builder(withoutConnections(snapshot)).programs(programs).build();
    ImmutableList.Builder<Ruleset> rulesets = ImmutableList.builder();
    for (IpFamily family : IpFamily.values()) {
      sum.iptables(family)
          .ifPresent(
              tables -> {
                loaded(family).forEach(tables::addCounters);
                rulesets.add(tables.snapshot());
              });
    }
    return rulesets.build();
  }

  private List<Iptables> loaded(IpFamily family) {
    return engines.stream().flatMap(engine -> engine.node().iptables(family).stream()).toList();
  }

  private ImmutableList<String> shared() {
    ImmutableList.Builder<String> shared = ImmutableList.builder();
    for (IpFamily family : IpFamily.values()) {
      Optional<Ruleset> ruleset = snapshot.ruleset(family);
      for (Iptables loaded : loaded(family)) {
        SharedRules.addReached(ruleset.orElseThrow(), loaded, shared);
      }
    }
    long most = engines.stream().mapToLong(Engine::mostConnections).sum();
    long max = engines.get(0).node().conntrack().map(c -> c.settings().max()).orElse(0L);
    if (max != 0 && most > max) {
      shared.add("a table for " + max + " connections, of which the engines held up to " + most);
    }
    return ImmutableList.copyOf(new LinkedHashSet<>(shared.build()));
  }
}
