package dev.packetpath.bench;

import dev.packetpath.iptables.Walk;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long the first packet of a connection takes through all hooks of a node with kube-proxy's
 * rules, until its connection is in the table, by the number of services: in batches, as the kernel
 * gets them.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "-XX:+UseSerialGC",
      "-XX:+UseTransparentHugePages",
      "-XX:+AlwaysPreTouch",
      "-Xms2g",
      "-Xmx2g"
    })
@State(Scope.Thread)
public class PathBenchmark {
  private static final int PACKETS = 1 << 16;

  @Param({"100", "1000", "10000"})
  int services;

  @Param({"COMPILED", "REFERENCE"})
  Walk walker = Walk.COMPILED;

  private ServiceNode node = new ServiceNode(ServiceNode.parse(""), Walk.COMPILED);
  private LongSupplier rulesEvaluated = node::rulesEvaluated;
  private int[] destinations = {};

  @Setup
  public void setUp() {
    node = new ServiceNode(ServiceNode.rules(services), walker);
    rulesEvaluated = node::rulesEvaluated;
    destinations = new SplittableRandom(1).ints(PACKETS, 0, services).toArray();
  }

  /** Lets each batch start with an empty table; takes no time that is measured. */
  @Setup(Level.Invocation)
  public void empty() {
    node.forgetConnections();
  }

  /** The first packets of connections, to any of the services, in bursts. */
  @Benchmark
  @OperationsPerInvocation(ServiceNode.BATCH)
  public long newConnection(RulesEvaluated counter) {
    counter.packets(ServiceNode.BATCH, rulesEvaluated);
    return node.openBatchInBursts(destinations);
  }

  /** The same, each packet by itself. */
  @Benchmark
  @OperationsPerInvocation(ServiceNode.BATCH)
  public long newConnectionAlone(RulesEvaluated counter) {
    counter.packets(ServiceNode.BATCH, rulesEvaluated);
    return node.openBatch(destinations);
  }
}
