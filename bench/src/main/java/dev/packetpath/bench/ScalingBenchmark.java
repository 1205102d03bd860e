package dev.packetpath.bench;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.node.Engine;
import dev.packetpath.node.ParallelNode;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
 * How long a new connection takes when several engines share the work, by their number: wall-clock
 * time over all connections.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-XX:+UseParallelGC", "-Xms3g", "-Xmx3g"})
@State(Scope.Thread)
public class ScalingBenchmark {
  private static final int CONNECTIONS = 1 << 16;
  private static final long BETWEEN_CONNECTIONS_NS = 10_000_000;

  /** So many connections fit the addresses and ports of all clients. */
  private static final long MOST = 1L << 27;

  @Param("1000")
  int services;

  @Param({"1", "2"})
  int engines;

  private ParallelNode node = ParallelNode.of(ServiceNode.snapshot(ServiceNode.parse("")), 1, 0);
  private int[] destinations = {};
  private long round;

  @Setup
  public void setUp() {
    node = ParallelNode.of(ServiceNode.snapshot(ServiceNode.rules(services)), engines, 1);
    destinations = new SplittableRandom(1).ints(CONNECTIONS, 0, services).toArray();
  }

  /** The first packets of many connections to any of the services. */
  @Benchmark
  @OperationsPerInvocation(CONNECTIONS)
  public ParallelNode newConnections() throws InterruptedException {
    round++;
    node.run(this::open);
    return node;
  }

  private void open(Engine engine) {
    Packet syn = new Packet().tcpFlags(TcpFlags.SYN);
    for (int i = 0; i < CONNECTIONS; i++) {
      ServiceNode.request(syn, destinations[i], (int) (round * CONNECTIONS % MOST) + i);
      if (engine.takes(syn)) {
        long number = round * CONNECTIONS + i;
        engine.receive(number, number * BETWEEN_CONNECTIONS_NS, syn, ServiceNode.PODS);
      }
    }
  }
}
