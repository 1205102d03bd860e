package dev.packetpath.bench;

import dev.packetpath.compare.traffic.Arrivals;
import dev.packetpath.compare.traffic.Distribution;
import dev.packetpath.compare.traffic.Sync;
import dev.packetpath.compare.traffic.TrafficResult;
import dev.packetpath.compare.traffic.TrafficScenario;
import dev.packetpath.compare.traffic.TrafficSimulation;
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

/** How many events of simulated traffic one thread runs in a second. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms256m", "-Xmx256m"})
@State(Scope.Thread)
public class TrafficBenchmark {
  private static final double SET_UP_NS = 500_000;

  /** {@code open}: one busy core with syncs; {@code closed}: clients that think, on four cores. */
  @Param({"open", "closed"})
  String traffic = "";

  private TrafficScenario scenario = scenario("open");

  /** Counts events beside runs. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Count {
    /** Events of all runs. */
    public long events;
  }

  @Setup
  public void setUp() {
    scenario = scenario(traffic);
  }

  private static TrafficScenario scenario(String traffic) {
    TrafficScenario.Builder builder =
        TrafficScenario.builder()
            .answer(Distribution.varying(500_000, 0.25))
            .setUp(Distribution.varying(SET_UP_NS, 0.25))
            .sync(new Sync(30_000_000_000L, 2_500_000_000L, 8_000_000))
            .periods(1, 2);
    return traffic.equals("open")
        ? builder
            .arrivals(new Arrivals.Poisson(1_000))
            .ruleWalk(Distribution.constant(270_000))
            .build()
        : builder
            .arrivals(new Arrivals.Closed(1_000, Distribution.exponential(200_000_000)))
            .clientWork(Distribution.exponential(50_000))
            .cores(4, 4)
            .build();
  }

  /** Runs 90 seconds of traffic. */
  @Benchmark
  public TrafficResult run(Count count) {
    TrafficResult result = TrafficSimulation.run(scenario);
    count.events += result.events();
    return result;
  }
}
