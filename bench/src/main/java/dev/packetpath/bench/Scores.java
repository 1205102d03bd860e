package dev.packetpath.bench;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Optional;
import org.openjdk.jmh.results.RunResult;

/** What benchmarks measured, found by their names and parameters. */
final class Scores {
  private static final String BYTES = "gc.alloc.rate.norm";

  private final Collection<RunResult> results;

  Scores(Collection<RunResult> results) {
    this.results = results;
  }

  /** What one benchmark measured, with no value where it did not run. */
  record Score(Optional<RunResult> result) {
    double nanoseconds() {
      return result.map(run -> run.getPrimaryResult().getScore()).orElse(Double.NaN);
    }

    /**
     * Returns the time of the fastest iteration, in which the least else went on: what the kernel's
     * is too, see {@link KernelConnections}.
     */
    double fastestNanoseconds() {
      return result.map(run -> run.getPrimaryResult().getStatistics().getMin()).orElse(Double.NaN);
    }

    double bytesAllocated() {
      return secondary(BYTES);
    }

    /** Returns how many rules were evaluated for one packet. */
    double rules() {
      return secondary(RulesEvaluated.RULES) / secondary(RulesEvaluated.PACKETS);
    }

    private double secondary(String label) {
      return result.flatMap(run -> secondary(run, label)).orElse(Double.NaN);
    }

    private static Optional<Double> secondary(RunResult run, String label) {
      return run.getSecondaryResults().keySet().stream()
          .filter(name -> name.endsWith(label))
          .findFirst()
          .map(name -> requireNonNull(run.getSecondaryResults().get(name)).getScore());
    }
  }

  /**
   * Returns what a benchmark measured.
   *
   * @param parameters all of its parameters, as {@code name=value}
   */
  Score of(Class<?> benchmarks, String method, String... parameters) {
    String name = benchmarks.getName() + "." + method;
    return new Score(
        results.stream()
            .filter(run -> run.getParams().getBenchmark().equals(name))
            .filter(run -> hasAll(run, parameters))
            .findFirst());
  }

  private static boolean hasAll(RunResult run, String[] parameters) {
    for (String parameter : parameters) {
      String[] nameAndValue = parameter.split("=", 2);
      if (!nameAndValue[1].equals(run.getParams().getParam(nameAndValue[0]))) {
        return false;
      }
    }
    return true;
  }
}
