package dev.packetpath.bench;

import dev.packetpath.iptables.Ruleset;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How many rules a second are loaded into a host once they were read. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms2g", "-Xmn1g", "-Xmx2g"})
@State(Scope.Thread)
public class LoadBenchmark {
  @Param({"100", "10000"})
  int services;

  private NodeSnapshot snapshot = NodeSnapshot.builder().build();
  private int ruleCount;

  @Setup
  public void setUp() {
    Ruleset rules = ServiceNode.rules(services);
    snapshot = ServiceNode.snapshot(rules);
    ruleCount = ServiceNode.ruleCount(rules);
  }

  @Benchmark
  public Node load(Rules rules) {
    rules.rules += ruleCount;
    return Node.of(snapshot);
  }

  /** The rules loaded, which JMH divides by the time. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Rules {
    public long rules;
  }
}
