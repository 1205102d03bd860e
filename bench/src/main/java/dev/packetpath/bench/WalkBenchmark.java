package dev.packetpath.bench;

import dev.packetpath.core.packet.Packet;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

/**
 * How long one packet takes through a node with kube-proxy's rules, by the number of services, with
 * the reference walk of every rule.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms1g", "-Xmx2g"})
@State(Scope.Thread)
public class WalkBenchmark {
  private static final int ENDPOINTS = 10;
  private static final int PACKETS = 1 << 12;

  /** Far enough apart that a connection is forgotten before its port is used again. */
  private static final long BETWEEN_CONNECTIONS_NS = 10_000_000;

  @Param({"10", "1000", "10000"})
  int services;

  private final Packet packet = new Packet();
  private ServiceNode node = new ServiceNode(ServiceNode.parse(""));
  private int[] destinations = {};
  private Packet established = packet;
  private int next;

  @Setup
  public void setUp() {
    KubeProxyRules rules = new KubeProxyRules(services, ENDPOINTS);
    node = new ServiceNode(ServiceNode.parse(ServiceNode.text(rules)));
    destinations = new SplittableRandom(1).ints(PACKETS, 0, services).toArray();
    established = node.establish(services / 2, 0);
  }

  /** The first packet of a connection, to any of the services. */
  @Benchmark
  public Packet first() {
    next++;
    node.advance(BETWEEN_CONNECTIONS_NS);
    return node.open(destinations[next & PACKETS - 1], next);
  }

  /** A packet of a connection that both sides have used. */
  @Benchmark
  public Packet established() {
    packet.copyFrom(established);
    return node.through(packet);
  }
}
