package dev.packetpath.bench;

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
 * How long it takes that a new UDP flow gets its entry, by the number of connections in a table
 * with as many buckets, when 10,000 of them or all of them come and go.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:+UseTransparentHugePages", "-Xms4g", "-Xmx4g"})
@State(Scope.Thread)
public class InsertBenchmark {
  private static final int HOT = 10_000;

  @Param({"10000", "1000000", "10000000"})
  int entries;

  /** Which flows come and go. */
  @Param({"hot", "random"})
  String flows = "";

  private ChurningTable table = new ChurningTable(1, 0);

  @Setup
  public void setUp() {
    table = new ChurningTable(entries, flows.equals("hot") ? HOT : entries);
  }

  @Setup(Level.Invocation)
  public void endOthers() {
    table.end();
  }

  @Benchmark
  @OperationsPerInvocation(ChurningTable.BATCH)
  public int insert() {
    return table.open();
  }
}
