package dev.packetpath.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks and prints one table. */
public final class Main {
  private static final String USAGE =
      """
      bench/run [--full] [PATTERN] [JMH option]...
        PATTERN  run the benchmarks whose name it is found in, as a regular expression (all)
        --full   measure as the benchmarks themselves say: about 15 minutes (quickly: 2 minutes)
        -h       JMH's options, such as -p services=1000 and -prof gc\
      """;

  private static final String HEAP_SERVICES = "10000";
  private static final String HEAP_CONNECTIONS = "10000000";

  private Main() {}

  /**
   * Runs what the arguments ask for.
   *
   * @throws RunnerException if a benchmark fails
   */
  public static void main(String[] arguments)
      throws RunnerException, IOException, InterruptedException {
    List<String> rest = new ArrayList<>(List.of(arguments));
    boolean full = rest.remove("--full");
    CommandLineOptions asked;
    try {
      asked = new CommandLineOptions(rest.toArray(new String[0]));
    } catch (CommandLineOptionException e) {
      System.err.println(e.getMessage() + "\n" + USAGE);
      System.exit(2);
      return;
    }
    if (asked.shouldHelp()) {
      System.out.println(USAGE);
      return;
    }
    if (asked.shouldList()) {
      new Runner(asked).list();
      return;
    }
    ChainedOptionsBuilder options = new OptionsBuilder().parent(asked).shouldFailOnError(true);
    if (!full) {
      System.err.println("measuring quickly, up to 2 minutes");
      quickly(options, asked);
    }
    boolean rules = asksFor(asked, HeapPerRule.class);
    boolean connections = asksFor(asked, HeapPerConnection.class);
    Collection<RunResult> results = run(options.build(), rules || connections);
    System.out.print(ResultTable.of(results));
    if (rules) {
      System.out.print(OwnJvm.run(HeapPerRule.class, List.of(), HEAP_SERVICES));
    }
    if (connections) {
      System.out.print(OwnJvm.run(HeapPerConnection.class, List.of("-Xmn64m"), HEAP_CONNECTIONS));
    }
  }

  private static boolean asksFor(CommandLineOptions asked, Class<?> heapMeasure) {
    List<String> patterns = asked.getIncludes();
    return patterns.isEmpty()
        || patterns.stream()
            .anyMatch(
                pattern -> Pattern.compile(pattern).matcher(heapMeasure.getSimpleName()).find());
  }

  private static Collection<RunResult> run(Options options, boolean noneWillDo)
      throws RunnerException {
    try {
      return new Runner(options).run();
    } catch (NoBenchmarksException e) {
      if (!noneWillDo) {
        System.err.println("no benchmark has that name; bench/run -l lists them");
        System.exit(2);
      }
      return List.of();
    }
  }

  /** Shortens what the user did not set. */
  private static void quickly(ChainedOptionsBuilder options, CommandLineOptions asked) {
    options
        .forks(asked.getForkCount().orElse(1))
        .warmupIterations(asked.getWarmupIterations().orElse(3))
        .warmupTime(asked.getWarmupTime().orElse(TimeValue.seconds(1)))
        .measurementIterations(asked.getMeasurementIterations().orElse(3))
        .measurementTime(asked.getMeasurementTime().orElse(TimeValue.seconds(1)))
        .verbosity(asked.verbosity().orElse(VerboseMode.SILENT));
  }
}
