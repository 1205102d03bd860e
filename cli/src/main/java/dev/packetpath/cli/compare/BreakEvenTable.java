package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Variant;
import dev.packetpath.compare.advice.BreakEven;
import dev.packetpath.compare.advice.Measure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Break-even points as a table: a line for each pair of variants, a column for each measure and
 * workload.
 *
 * @param head the names of the columns
 * @param rows the lines
 */
record BreakEvenTable(ImmutableList<String> head, ImmutableList<ImmutableList<String>> rows) {
  /** What the table says, in a sentence. */
  static final String CAPTION =
      "From how many Services on one mode saves, against another, what matters: a tenth of the"
          + " response time, or a fiftieth of a core; any: at every size tried.";

  private record Pair(Variant cheaper, Variant dearer) {}

  private record Column(int keepalive, Measure measure) {
    String text() {
      return (measure == Measure.CPU ? "CPU" : "response time")
          + (keepalive == 1 ? "" : String.format(Locale.ROOT, ", keepalive %,d", keepalive));
    }
  }

  /** Returns the table; without lines where no mode saves what matters. */
  static BreakEvenTable of(List<BreakEven> points, List<Integer> keepalives) {
    List<Column> columns = new ArrayList<>();
    for (int keepalive : keepalives) {
      columns.add(new Column(keepalive, Measure.RESPONSE_TIME));
      columns.add(new Column(keepalive, Measure.CPU));
    }
    Map<Pair, Map<Column, String>> cells = new LinkedHashMap<>();
    for (BreakEven point : points) {
      cells
          .computeIfAbsent(new Pair(point.cheaper(), point.dearer()), pair -> new LinkedHashMap<>())
          .put(new Column(point.keepalive(), point.measure()), from(point));
    }
    ImmutableList.Builder<ImmutableList<String>> rows = ImmutableList.builder();
    cells.forEach(
        (pair, values) ->
            rows.add(
                ImmutableList.<String>builder()
                    .add(pair.cheaper().text() + " instead of " + pair.dearer().text())
                    .addAll(columns.stream().map(c -> values.getOrDefault(c, "-")).toList())
                    .build()));
    return new BreakEvenTable(
        ImmutableList.<String>builder()
            .add("")
            .addAll(columns.stream().map(Column::text).toList())
            .build(),
        rows.build());
  }

  /** Returns from where on; two digits count. */
  private static String from(BreakEven point) {
    if (point.everywhere()) {
      return "any";
    }
    double power =
        Math.pow(10, Math.max(0, Math.floor(Math.log10(Math.max(1, point.services()))) - 1));
    return String.format(Locale.ROOT, "%,.0f", Math.rint(point.services() / power) * power);
  }
}
