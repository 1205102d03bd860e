package dev.packetpath.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks and prints one table. */
public final class Main {
  /** Where the benchmarks are. */
  static final String PACKAGE = "^dev\\.packetpath\\.bench\\.";

  private static final String USAGE =
      """
      bench/run           run all benchmarks as they themselves say, and print the ratios: an hour
      bench/run --short   run what the ratios need, for a few seconds each: under 5 minutes
      bench/run PATTERN [JMH option]...
        PATTERN  run the benchmarks whose name it is found in, as a regular expression, quickly
        -h       this text; -l lists the benchmarks; JMH's options are such as -p services=1000\
      """;

  private Main() {}

  /**
   * Runs what the arguments ask for.
   *
   * @throws RunnerException if a benchmark fails
   */
  public static void main(String[] arguments)
      throws RunnerException, IOException, InterruptedException {
    List<String> rest = new ArrayList<>(List.of(arguments));
    boolean brief = rest.remove("--short");
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
    } else if (asked.shouldList()) {
      new Runner(asked).list();
    } else if (rest.isEmpty()) {
      new Suite(brief, Path.of(System.getProperty("bench.folder", "."))).run();
    } else {
      System.out.print(ResultTable.of(runSome(asked)));
    }
  }

  private static Collection<RunResult> runSome(CommandLineOptions asked) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder().parent(asked).shouldFailOnError(true).addProfiler(GCProfiler.class);
    options
        .forks(asked.getForkCount().orElse(1))
        .warmupIterations(asked.getWarmupIterations().orElse(3))
        .warmupTime(asked.getWarmupTime().orElse(TimeValue.seconds(1)))
        .measurementIterations(asked.getMeasurementIterations().orElse(3))
        .measurementTime(asked.getMeasurementTime().orElse(TimeValue.seconds(1)))
        .verbosity(asked.verbosity().orElse(VerboseMode.SILENT));
    try {
      return new Runner(options.build()).run();
    } catch (NoBenchmarksException e) {
      System.err.println("no benchmark has that name; bench/run -l lists them");
      System.exit(2);
      return List.of();
    }
  }
}
