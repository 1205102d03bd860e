package dev.packetpath.bench;

import dev.packetpath.iptables.Walk;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
 * How long a new connection takes through all hooks, by the number of services, when 100 of them,
 * spread over the list, receive all of it, and when all do.
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
      "-Xms6g",
      "-Xmx6g"
    })
@State(Scope.Thread)
public class GrowthBenchmark {
  /** 100 services receive all connections. */
  static final String HUNDRED = "hundred";

  /** All services receive connections. */
  static final String ALL = "all";

  private static final int PACKETS = 1 << 16;
  private static final int FEW = 100;

  @Param({"100", "1000", "10000", "100000"})
  int services;

  @Param({HUNDRED, ALL})
  String receiving = "";

  private ServiceNode node = new ServiceNode(ServiceNode.parse(""), Walk.COMPILED);
  private int[] destinations = {};

  @Setup
  public void setUp() {
    node = new ServiceNode(ServiceNode.rules(services), Walk.COMPILED);
    int receivers = receiving.equals(HUNDRED) ? FEW : services;
    int apart = services / receivers;
    destinations =
        new SplittableRandom(1)
            .ints(PACKETS, 0, receivers)
            .map(receiver -> receiver * apart + apart / 2)
            .toArray();
  }

  /** Lets each batch start with an empty table. */
  @Setup(Level.Invocation)
  public void empty() {
    node.forgetConnections();
  }

  /** The first packets of connections. */
  @Benchmark
  @OperationsPerInvocation(ServiceNode.BATCH)
  public long newConnection() {
    return node.openBatch(destinations);
  }
}
