package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableList;
import dev.packetpath.cli.chart.BarChart;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.Variant;
import java.util.Arrays;
import java.util.Locale;

/** What CPU time goes to, a bar for each variant. */
final class CostBars {
  private CostBars() {}

  /**
   * Returns the bars of some rows.
   *
   * @param most the cores at the right end, the same for bars that are to be compared
   */
  static BarChart of(ImmutableList<Row> rows, String about, double most) {
    return new BarChart(
        about,
        "CPU, cores",
        most,
        Arrays.stream(CostKind.values())
            .map(kind -> new BarChart.Kind(kind.text(), kind.ink()))
            .collect(ImmutableList.toImmutableList()),
        rows.stream().map(CostBars::bar).collect(ImmutableList.toImmutableList()));
  }

  private static BarChart.Bar bar(Row row) {
    return new BarChart.Bar(
        Variant.of(row.configuration()).text(),
        Arrays.stream(CostKind.values())
            .map(kind -> kind.of(row.cpu()))
            .collect(ImmutableList.toImmutableList()),
        String.format(Locale.ROOT, "%.3f", row.cpu().total()));
  }
}
