package dev.packetpath.cli.compare;

import static dev.packetpath.cli.compare.HtmlReport.escape;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.RulesPerConnection;
import dev.packetpath.compare.Variant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The tables of the page. */
final class HtmlTables {
  private final Report report;

  HtmlTables(Report report) {
    this.report = report;
  }

  String breakEven() {
    BreakEvenTable breakEven =
        BreakEvenTable.of(
            report.advice().breakEven(), new Lines(report.result().rows()).keepalives());
    return breakEven.rows().isEmpty()
        ? ""
        : heading("Break-even")
            + table(
                "",
                BreakEvenTable.CAPTION + " Interpolated between the sizes tried.",
                breakEven.head(),
                breakEven.rows());
  }

  String published() {
    ImmutableList<Comparison> comparisons = Comparison.of(report.result());
    if (comparisons.isEmpty()) {
      return "";
    }
    List<List<String>> rows = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      rows.add(
          List.of(
              comparison.variant().text(),
              comparison.chart().what(),
              count(comparison.keepalive()),
              count(comparison.services()),
              comparison.chart().format(comparison.published()),
              comparison.chart().format(comparison.found()),
              String.format(
                  Locale.ROOT,
                  "%+.1f%%",
                  100 * (comparison.found() / comparison.published() - 1))));
    }
    return "<details><summary>The published points, and what is found here</summary>\n"
        + table(
            "two",
            "Published: read off the charts of the article; its machine is not the one of every"
                + " profile.",
            List.of(
                "mode",
                "what",
                "requests of a connection",
                "Services",
                "published",
                "here",
                "difference"),
            rows)
        + "</details>\n";
  }

  String rows() {
    List<String> head =
        new ArrayList<>(
            List.of(
                "mode",
                "requests of a connection",
                "Services",
                "mean ms",
                "p50",
                "p90",
                "p99",
                "CPU cores"));
    Arrays.stream(CostKind.values()).forEach(kind -> head.add(kind.key()));
    head.addAll(List.of("rules, new connection", "most", "in list", "established packet"));
    List<List<String>> rows = new ArrayList<>();
    for (Row row : report.result().rows()) {
      List<String> cells = new ArrayList<>();
      cells.add(Variant.of(row.configuration()).text());
      cells.add(count(row.configuration().keepalive()));
      cells.add(count(row.configuration().services()));
      cells.add(decimal(row.responseTime().mean(), 3));
      cells.add(decimal(row.responseTime().p50(), 3));
      cells.add(decimal(row.responseTime().p90(), 3));
      cells.add(decimal(row.responseTime().p99(), 3));
      cells.add(decimal(row.cpu().total(), 4));
      Arrays.stream(CostKind.values()).forEach(kind -> cells.add(decimal(kind.of(row.cpu()), 4)));
      RulesPerConnection rules = row.rulesPerNewConnection();
      cells.add(decimal(rules.mean(), 1));
      cells.add(count(rules.max()));
      cells.add(count(rules.serviceChainMax()));
      cells.add(decimal(row.rulesPerEstablishedPacket(), 1));
      rows.add(cells);
    }
    return "<details><summary>All figures</summary>\n"
        + "<p class=\"under\">"
        + escape(Legend.CPU + " Rules: " + Legend.RULES)
        + "</p>\n"
        + table("many", "Times in milliseconds, CPU in cores.", head, rows)
        + "</details>\n";
  }

  String assumptions() {
    if (report.assumptions().isEmpty()) {
      return "";
    }
    List<List<String>> rows = new ArrayList<>();
    for (Assumption assumption : report.assumptions()) {
      rows.add(
          List.of(assumption.what(), assumption.value(), assumption.how(), assumption.source()));
    }
    return heading("What the figures rest on")
        + table("words", "", List.of("what", "value", "how", "from"), rows);
  }

  private static String heading(String text) {
    return "<h2>" + escape(text) + "</h2>\n";
  }

  private static String table(
      String kind, String caption, List<String> head, List<? extends List<String>> rows) {
    StringBuilder out = new StringBuilder("<div class=\"wide\"><table");
    out.append(kind.isEmpty() ? ">" : " class=\"" + kind + "\">");
    if (!caption.isEmpty()) {
      out.append("<caption>").append(escape(caption)).append("</caption>");
    }
    out.append("\n<thead><tr>");
    head.forEach(cell -> out.append("<th scope=\"col\">").append(escape(cell)).append("</th>"));
    out.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : rows) {
      out.append("<tr>");
      row.forEach(cell -> out.append("<td>").append(escape(cell)).append("</td>"));
      out.append("</tr>\n");
    }
    return out.append("</tbody></table></div>\n").toString();
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String decimal(double value, int digits) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, "%,." + digits + "f", value)
        : "overload";
  }
}
