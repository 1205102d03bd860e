package dev.packetpath.cli.compare;

import com.google.common.base.Splitter;
import com.google.common.base.Strings;
import dev.packetpath.compare.CalicoRules;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.RulesPerConnection;
import dev.packetpath.compare.Variant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Prints results for a terminal: a table for each workload, break-even points, the advice. */
public final class ResultsText {
  private static final int TEXT_WIDTH = 100;

  /** Room for the names above groups of columns. */
  private static final int NARROWEST = 5;

  private final Report report;
  private final Lines lines;
  private final UnaryOperator<String> bold;
  private final StringBuilder out = new StringBuilder();

  private ResultsText(Report report, UnaryOperator<String> bold) {
    this.report = report;
    this.lines = new Lines(report.result().rows());
    this.bold = bold;
  }

  /**
   * Returns the text.
   *
   * @param bold makes a text stand out on the terminal
   */
  public static String of(Report report, UnaryOperator<String> bold) {
    ResultsText text = new ResultsText(report, bold);
    text.write();
    return text.out.toString();
  }

  private void write() {
    Configuration first = report.result().rows().get(0).configuration();
    line(
        "profile %s; %,.0f requests/s, %,d endpoints a Service%s",
        report.result().profile(),
        first.requestsPerSecond(),
        first.endpoints(),
        first.calico() ? ", with Calico" : "");
    for (int keepalive : lines.keepalives()) {
      line("");
      out.append(
          bold.apply(
              keepalive == 1
                  ? "A new connection for each request"
                  : String.format(Locale.ROOT, "%,d requests a connection", keepalive)));
      out.append('\n');
      rows(keepalive);
    }
    out.append(wrapped(Legend.CPU));
    if (!lines.overloaded().isEmpty()) {
      out.append(wrapped(Legend.OVERLOAD));
    }
    rules();
    calico();
    breakEven();
    line("");
    out.append(bold.apply(report.advice().sentence())).append('\n');
    out.append(wrapped(report.advice().reason()));
  }

  private void rows(int keepalive) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("", "", "response time, ms", "", "", "CPU, cores", "", "", "", "", "", ""));
    List<String> head = new ArrayList<>(List.of("mode", "Services", "mean", "p90", "p99", "total"));
    Arrays.stream(CostKind.values()).forEach(kind -> head.add(kind.key()));
    table.add(head);
    for (Variant variant : lines.variants()) {
      String name = variant.text();
      for (Row row : report.result().rows()) {
        if (row.configuration().keepalive() == keepalive
            && Variant.of(row.configuration()).equals(variant)) {
          table.add(times(name, row));
          name = "";
        }
      }
    }
    print(table, 1);
  }

  /** Prints what rules new connections meet, however many requests each of them carries. */
  private void rules() {
    line("");
    out.append(bold.apply("Rules that a new connection meets")).append('\n');
    out.append(wrapped(Legend.RULES));
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("mode", "Services", "mean", "most", "in list"));
    int keepalive = lines.keepalives().get(0);
    for (Variant variant : lines.variants()) {
      String name = variant.text();
      for (Row row : report.result().rows()) {
        if (row.configuration().keepalive() == keepalive
            && Variant.of(row.configuration()).equals(variant)) {
          table.add(rules(name, row));
          name = "";
        }
      }
    }
    print(table, 0);
  }

  private static List<String> rules(String name, Row row) {
    RulesPerConnection rules = row.rulesPerNewConnection();
    return List.of(
        name,
        count(row.configuration().services()),
        String.format(Locale.ROOT, "%,.1f", rules.mean()),
        count(rules.max()),
        count(rules.serviceChainMax()));
  }

  private static List<String> times(String name, Row row) {
    List<String> cells = new ArrayList<>();
    cells.add(name);
    cells.add(count(row.configuration().services()));
    cells.add(time(row.responseTime().mean()));
    cells.add(time(row.responseTime().p90()));
    cells.add(time(row.responseTime().p99()));
    cells.add(String.format(Locale.ROOT, "%.3f", row.cpu().total()));
    for (CostKind kind : CostKind.values()) {
      cells.add(String.format(Locale.ROOT, "%.3f", kind.of(row.cpu())));
    }
    return cells;
  }

  private void calico() {
    if (!report.calico().isEmpty()) {
      DoubleSummaryStatistics means =
          report.calico().stream().mapToDouble(CalicoRules::mean).summaryStatistics();
      line("");
      out.append(
          wrapped(
              String.format(
                  Locale.ROOT,
                  "Calico's own rules, 30 Pods with 3 policies each: a new connection meets %s in"
                      + " the mean, %,d at most, whatever the number of Services",
                  range(means.getMin(), means.getMax()),
                  report.calico().stream().mapToLong(CalicoRules::max).max().orElse(0))));
    }
  }

  private static String range(double least, double most) {
    String low = String.format(Locale.ROOT, "%.0f", least);
    String high = String.format(Locale.ROOT, "%.0f", most);
    return low.equals(high) ? low : low + " to " + high;
  }

  private void breakEven() {
    BreakEvenTable breakEven = BreakEvenTable.of(report.advice().breakEven(), lines.keepalives());
    if (breakEven.rows().isEmpty()) {
      return;
    }
    line("");
    out.append(bold.apply("Break-even")).append('\n');
    out.append(wrapped(BreakEvenTable.CAPTION));
    List<List<String>> table = new ArrayList<>();
    table.add(breakEven.head());
    table.addAll(breakEven.rows());
    print(table, 0);
  }

  /** Prints columns: the first one to the left, the others to the right. */
  private void print(List<List<String>> table, int groups) {
    int columns = table.get(0).size();
    int[] widths = new int[columns];
    Arrays.fill(widths, NARROWEST);
    for (List<String> row : table.subList(groups, table.size())) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : table.subList(0, groups)) {
      line("  %s", group(row, widths));
    }
    for (List<String> row : table.subList(groups, table.size())) {
      StringBuilder text =
          new StringBuilder("  ").append(Strings.padEnd(row.get(0), widths[0], ' '));
      for (int i = 1; i < columns; i++) {
        text.append("  ").append(Strings.padStart(row.get(i), widths[i], ' '));
      }
      line("%s", text);
    }
  }

  /** Returns names above the first of the columns that they stand for. */
  private static String group(List<String> names, int[] widths) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (int i = 0; i < widths.length; i++) {
      if (!names.get(i).isEmpty()) {
        text.append(" ".repeat(Math.max(0, at - text.length()))).append(names.get(i));
      }
      at += widths[i] + 2;
    }
    return text.toString();
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String wrapped(String text) {
    StringBuilder wrapped = new StringBuilder();
    int column = 0;
    for (String word : Splitter.on(' ').split(text)) {
      if (column + word.length() > TEXT_WIDTH) {
        wrapped.setCharAt(wrapped.length() - 1, '\n');
        column = 0;
      }
      wrapped.append(word).append(' ');
      column += word.length() + 1;
    }
    wrapped.setCharAt(wrapped.length() - 1, '\n');
    return wrapped.toString();
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** Returns a time; percentiles are not a number where only means were computed. */
  private static String time(double ms) {
    if (Double.isNaN(ms)) {
      return "-";
    }
    return Double.isFinite(ms) ? String.format(Locale.ROOT, "%,.3f", ms) : "overload";
  }
}
