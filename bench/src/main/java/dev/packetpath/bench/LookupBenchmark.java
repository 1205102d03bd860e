package dev.packetpath.bench;

import dev.packetpath.conntrack.ConntrackSettings;
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
 * How long connection tracking takes to find a packet's established connection and to follow it, by
 * the number of connections in a table with as many buckets. {@code -prof gc} shows that it does
 * not allocate.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseTransparentHugePages", "-Xms4g", "-Xmx4g"})
@State(Scope.Thread)
public class LookupBenchmark {
  private static final int HOT = 10_000;
  private static final int PACKETS = 1 << 20;

  @Param({"10000", "1000000", "10000000"})
  int entries;

  private TrackedFlows flows = new TrackedFlows(ConntrackSettings.DEFAULTS);
  private int[] any = {};
  private int[] hot = {};
  private int next;

  @Setup
  public void setUp() {
    flows = new TrackedFlows(ConntrackSettings.builder().buckets(entries).max(0).build());
    for (int flow = 0; flow < entries; flow++) {
      flows.establish(flow);
    }
    SplittableRandom random = new SplittableRandom(1);
    any = random.ints(PACKETS, 0, entries).toArray();
    int[] hotSet = random.ints(HOT, 0, entries).toArray();
    hot = random.ints(PACKETS, 0, HOT).map(i -> hotSet[i]).toArray();
  }

  /** Packets of 10,000 of the connections. */
  @Benchmark
  public Packet hotFlows() {
    return flows.lookUp(hot[next++ & (PACKETS - 1)]);
  }

  /** Packets of any of the connections. */
  @Benchmark
  public Packet randomFlows() {
    return flows.lookUp(any[next++ & (PACKETS - 1)]);
  }
}
