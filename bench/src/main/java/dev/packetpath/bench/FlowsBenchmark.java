package dev.packetpath.bench;

import dev.packetpath.iptables.Walk;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * How long one packet takes through all hooks of a node with kube-proxy's rules and 10,000
 * established connections, by the number of services: one of these connections' packets, in random
 * order, which {@code -prof gc} shows not to allocate; and the first of a connection with which an
 * older one ends.
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
public class FlowsBenchmark {
  private static final int PACKETS = 1 << 16;
  private static final int FLOWS = 10_000;

  /** Far enough apart that a connection is forgotten before its port is used again. */
  private static final long BETWEEN_CONNECTIONS_NS = 10_000_000;

  @Param({"100", "1000", "10000"})
  int services;

  @Param({"COMPILED", "REFERENCE"})
  Walk walker = Walk.COMPILED;

  private ServiceNode node = new ServiceNode(ServiceNode.parse(""), Walk.COMPILED);
  private LongSupplier rulesEvaluated = node::rulesEvaluated;
  private int[] destinations = {};
  private int[] flows = {};
  private int[] destinationsOfFlows = {};
  private int next;

  @Setup
  public void setUp() {
    node = new ServiceNode(ServiceNode.rules(services), walker);
    rulesEvaluated = node::rulesEvaluated;
    SplittableRandom random = new SplittableRandom(1);
    destinations = random.ints(PACKETS, 0, services).toArray();
    flows = random.ints(PACKETS, 0, FLOWS).toArray();
    destinationsOfFlows = IntStream.of(flows).map(flow -> destinations[flow]).toArray();
    for (int flow = 0; flow < FLOWS; flow++) {
      node.establish(destinations[flow], flow);
    }
  }

  /** The first packet of a connection, to any of the services, after which an older one ends. */
  @Benchmark
  public long turnover(RulesEvaluated counter) {
    next++;
    node.advance(BETWEEN_CONNECTIONS_NS);
    counter.packets(1, rulesEvaluated);
    return node.open(destinations[next & PACKETS - 1], FLOWS + next);
  }

  /** Packets of the connections that both sides have used, in bursts. */
  @Benchmark
  @OperationsPerInvocation(ServiceNode.BURST)
  public long established() {
    next += ServiceNode.BURST;
    return node.acknowledgeBurst(flows, destinationsOfFlows, next);
  }

  /** The same, each packet by itself. */
  @Benchmark
  public long establishedAlone() {
    int at = next++ & PACKETS - 1;
    return node.acknowledge(destinationsOfFlows[at], flows[at]);
  }
}
