package dev.packetpath.bench;

import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * Results of benchmarks as a table: the time, but for a throughput what the benchmark counted where
 * it counts something.
 */
final class ResultTable {
  private static final String OF_GC_PROFILER = "gc.";

  private ResultTable() {}

  static String of(Collection<RunResult> results) {
    StringBuilder table = new StringBuilder();
    table.append(row("benchmark", "with", "score", "± 99.9 %", "unit"));
    for (RunResult run : results) {
      boolean counts =
          run.getParams().getMode() == Mode.Throughput
              && run.getSecondaryResults().keySet().stream()
                  .anyMatch(label -> !label.startsWith(OF_GC_PROFILER));
      if (!counts) {
        add(table, run.getParams(), run.getPrimaryResult(), "");
      }
      for (String counted : run.getSecondaryResults().keySet()) {
        add(table, run.getParams(), run.getSecondaryResults().get(counted), counted);
      }
    }
    return table.toString();
  }

  private static void add(
      StringBuilder table, BenchmarkParams params, Result<?> result, String counted) {
    String name = params.getBenchmark();
    String ofClass = name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
    StringBuilder with = new StringBuilder();
    for (String key : params.getParamsKeys()) {
      with.append(key).append('=').append(params.getParam(key)).append(' ');
    }
    double error = result.getScoreError();
    table.append(
        row(
            ofClass,
            with.toString(),
            number(result.getScore()),
            Double.isNaN(error) ? "" : "± " + number(error),
            unit(result.getScoreUnit(), counted)));
  }

  /** Returns one row with its newline. */
  static String row(String benchmark, String with, String score, String error, String unit) {
    return String.format(
        Locale.ROOT, "%-27s %-31s %12s %-13s %s%n", benchmark, with.strip(), score, error, unit);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 1000 ? "%,.1f" : "%,.0f", value);
  }

  private static String unit(String unit, String counted) {
    if (counted.isEmpty()) {
      return unit;
    }
    return unit.equals("ops/s") ? counted + "/s" : counted;
  }
}
