package dev.packetpath.bench;

import dev.packetpath.iptables.Ruleset;
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

/**
 * How many rules a second the parser reads, of kube-proxy's for 10 endpoints a service: 10,000
 * services are 320,023 rules. One thread parses; the JVM collects garbage for throughput.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 3,
    jvmArgsAppend = {"-XX:+UseParallelGC", "-Xms3g", "-Xmn2500m", "-Xmx3g"})
@State(Scope.Thread)
public class ParseBenchmark {
  @Param({"100", "10000"})
  int services;

  private String text = "";
  private int ruleCount;

  @Setup
  public void setUp() {
    text = ServiceNode.text(services);
    ruleCount = ServiceNode.ruleCount(ServiceNode.parse(text));
  }

  @Benchmark
  public Ruleset parse(Rules rules) {
    rules.rules += ruleCount;
    return ServiceNode.parse(text);
  }

  /** The rules read, which JMH divides by the time. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Rules {
    public long rules;
  }
}
