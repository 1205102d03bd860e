package dev.packetpath.bench;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.TableUpdate;
import dev.packetpath.node.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long it takes to give one service an endpoint in place of another one, by the number of
 * services: its chain is replaced, an endpoint's chain made and another deleted.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms3g", "-Xmx3g"})
@State(Scope.Thread)
public class UpdateBenchmark {
  private static final int CHANGED_SERVICES = 100;

  @Param({"100", "10000"})
  int services;

  private Ruleset rules = ServiceNode.parse("");
  private List<TableUpdate> updates = List.of();
  private Iptables iptables = load(rules);
  private int next;

  @Setup
  public void setUp() {
    rules = ServiceNode.rules(services);
    Table nat = rules.table(TableName.NAT).orElseThrow();
    Map<String, Chain> chains =
        nat.chains().stream().collect(Collectors.toMap(Chain::name, Function.identity()));
    List<TableUpdate> there = new ArrayList<>();
    List<TableUpdate> back = new ArrayList<>();
    List<Rule> ofServices = chain(chains, "KUBE-SERVICES").rules();
    for (int i = 0; i < CHANGED_SERVICES; i++) {
      Chain service = called(chains, ofServices.get(i * (services / CHANGED_SERVICES)));
      Chain old = called(chains, service.rules().get(service.rules().size() - 1));
      Chain other = withRules("KUBE-SEP-OTHER" + i, old.rules());
      there.add(update(withLastJump(service, other), other, old));
      back.add(update(service, old, other));
    }
    there.addAll(back);
    updates = there;
  }

  private static Chain chain(Map<String, Chain> chains, String name) {
    return Objects.requireNonNull(chains.get(name), name);
  }

  private static Chain called(Map<String, Chain> chains, Rule jump) {
    return chain(chains, jump.action().calledChain().orElseThrow());
  }

  private static Chain withRules(String name, ImmutableList<Rule> rules) {
    return new Chain(name, Optional.empty(), Counters.ZERO, rules);
  }

  private static Chain withLastJump(Chain service, Chain endpoint) {
    int last = service.rules().size() - 1;
    Rule rule = service.rules().get(last);
    Rule jump =
        new Rule(
            rule.header(),
            rule.matches(),
            new RuleAction.Jump(endpoint.name()),
            rule.counters(),
            rule.line());
    return withRules(
        service.name(),
        ImmutableList.<Rule>builder().addAll(service.rules().subList(0, last)).add(jump).build());
  }

  private static TableUpdate update(Chain service, Chain made, Chain deleted) {
    return new TableUpdate(
        TableName.NAT, ImmutableList.of(service, made), ImmutableSet.of(deleted.name()));
  }

  private static Iptables load(Ruleset rules) {
    return Node.of(ServiceNode.snapshot(rules)).iptables(IpFamily.IPV4).orElseThrow();
  }

  /** Loads all anew, since what updates replace keeps its room; the first update copies all. */
  @Setup(Level.Iteration)
  public void load() {
    iptables = load(rules);
    next = 0;
    iptables.update(updates.get(next++));
  }

  /** One service gets another endpoint. */
  @Benchmark
  public void update() {
    iptables.update(updates.get(next++ % updates.size()));
  }
}
