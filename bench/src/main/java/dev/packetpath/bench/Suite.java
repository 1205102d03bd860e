package dev.packetpath.bench;

import dev.packetpath.iptables.Walk;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** All benchmarks in one run, and the ratios between them. */
final class Suite {
  private static final String SERVICES = "services";
  private static final String WALKER = "walker";

  /** How many iterations warm up until all of a packet's path is compiled, and then measure it. */
  private static final int WARM_UPS_OF_PATHS = 8;

  // An established connection's path is shorter, and soon each of the connections had its turn.
  private static final int WARM_UPS_OF_ESTABLISHED = 5;
  private static final int ITERATIONS_OF_ESTABLISHED = 150;
  private static final int MS_OF_ESTABLISHED = 20;

  // As long as a round of the kernel's.
  private static final int ITERATIONS_OF_PATHS = 41;
  private static final int MS_OF_PATHS = 85;

  /** Compilers make of a packet's path a little more or less, from JVM to JVM. */
  private static final int FORKS_OF_PATHS = 2;

  private static final int WARM_UPS = 4;
  private static final int ITERATIONS = 10;
  private static final int MS = 150;

  private static final int TEN_THOUSAND = 10_000;
  private static final String HEAP_CONNECTIONS = "10000000";

  private final boolean brief;
  private final Path folder;
  private final List<RunResult> results = new ArrayList<>();

  /**
   * Creates a suite.
   *
   * @param brief whether only what the ratios need is run, for a few seconds each
   * @param folder where results.json goes
   */
  Suite(boolean brief, Path folder) {
    this.brief = brief;
    this.folder = folder;
  }

  /**
   * Runs all, prints a table and the ratios, and writes what JMH measured to results.json.
   *
   * @throws RunnerException if a benchmark fails
   */
  void run() throws RunnerException, IOException, InterruptedException {
    KernelConnections before = KernelConnections.measure(TEN_THOUSAND);
    if (brief) {
      runBriefly();
    } else {
      results.addAll(new Runner(options().include(Main.PACKAGE).build()).run());
      results.addAll(
          new Runner(
                  options()
                      .include(in(FilterBenchmark.class, "naive"))
                      .param("rules", FilterBenchmark.SERVICES, FilterBenchmark.RANDOM)
                      .param(WALKER, Walk.REFERENCE.name())
                      .build())
              .run());
    }
    KernelConnections kernel = before.orFaster(KernelConnections.measure(TEN_THOUSAND));
    write();
    Collection<RunResult> ordered = List.copyOf(results);
    System.out.print(ResultTable.of(ordered));
    if (kernel.skipped().isEmpty()) {
      System.out.print(
          ResultTable.row(
              "kernel",
              "services=10000",
              String.format("%.0f", kernel.nanoseconds()),
              "",
              "ns/op"));
    }
    if (!brief) {
      new GrowthChart(new Scores(ordered)).write(folder.resolve("growth.svg"));
      System.out.print(OwnJvm.run(HeapPerConnection.class, List.of("-Xmn64m"), HEAP_CONNECTIONS));
    }
    System.out.print(Ratios.of(new Scores(ordered), kernel));
    System.out.print(OwnJvm.run(HeapPerRule.class, List.of(), Integer.toString(TEN_THOUSAND)));
  }

  private void runBriefly() throws RunnerException {
    add(
        options()
            .include(in(FilterBenchmark.class, "classify"))
            .include(in(FilterBenchmark.class, "naive"))
            .param("rules", FilterBenchmark.SERVICES, FilterBenchmark.RANDOM)
            .param(WALKER, Walk.REFERENCE.name()));
    add(
        options()
            .include(in(FilterBenchmark.class, "classify"))
            .param("rules", FilterBenchmark.SERVICES, FilterBenchmark.RANDOM)
            .param(WALKER, Walk.COMPILED.name()));
    add(
        options()
            .include(in(FilterBenchmark.class, "classify"))
            .param("rules", FilterBenchmark.OWN_TUPLES, FilterBenchmark.WITH_STATE));
    add(
        options()
            .include(in(PathBenchmark.class, "newConnection"))
            .param(SERVICES, "10000")
            .param(WALKER, Walk.REFERENCE.name()));
    addPaths(
        options()
            .include(in(PathBenchmark.class, "newConnection"))
            .param(SERVICES, "10000")
            .param(WALKER, Walk.COMPILED.name()),
        FORKS_OF_PATHS);
    addPaths(
        options()
            .include(in(PathBenchmark.class, "newConnectionAlone"))
            .param(SERVICES, "10000")
            .param(WALKER, Walk.COMPILED.name()),
        1);
    add(
        options()
            .include(in(FlowsBenchmark.class, "established"))
            .param(SERVICES, "10000")
            .param(WALKER, Walk.COMPILED.name()),
        FORKS_OF_PATHS,
        WARM_UPS_OF_ESTABLISHED,
        ITERATIONS_OF_ESTABLISHED,
        MS_OF_ESTABLISHED);
    addPaths(
        options()
            .include(in(GrowthBenchmark.class, "newConnection"))
            .param(SERVICES, "100", "100000")
            .param("receiving", GrowthBenchmark.HUNDRED),
        1);
  }

  private void add(ChainedOptionsBuilder options) throws RunnerException {
    add(options, 1, WARM_UPS, ITERATIONS, MS);
  }

  private void addPaths(ChainedOptionsBuilder options, int forks) throws RunnerException {
    add(options, forks, WARM_UPS_OF_PATHS, ITERATIONS_OF_PATHS, MS_OF_PATHS);
  }

  private void add(
      ChainedOptionsBuilder options, int forks, int warmups, int iterations, int milliseconds)
      throws RunnerException {
    results.addAll(
        new Runner(
                options
                    .forks(forks)
                    .warmupIterations(warmups)
                    .warmupTime(TimeValue.milliseconds(600))
                    .measurementIterations(iterations)
                    .measurementTime(TimeValue.milliseconds(milliseconds))
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run());
  }

  private static ChainedOptionsBuilder options() {
    return new OptionsBuilder().shouldFailOnError(true).addProfiler(GCProfiler.class);
  }

  private static String in(Class<?> benchmarks, String method) {
    return "^" + benchmarks.getName().replace(".", "\\.") + "\\." + method + "$";
  }

  private void write() throws IOException {
    try (PrintStream out =
        new PrintStream(
            Files.newOutputStream(folder.resolve("results.json")), false, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    }
  }
}
