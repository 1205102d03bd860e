package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableMap;
import com.google.common.html.HtmlEscapers;
import com.google.common.io.Resources;
import dev.packetpath.cli.chart.BarChart;
import dev.packetpath.cli.chart.Chart;
import dev.packetpath.cli.chart.ChartDrawing;
import dev.packetpath.cli.chart.Ink;
import dev.packetpath.cli.chart.SvgWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Prints results as one page that needs nothing else: no network, no other file, and for all but
 * the tips under the pointer no script.
 */
final class HtmlReport {
  private static final String NOTHING_FROM_ELSEWHERE =
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

  private final Report report;
  private final Lines lines;
  private final ImmutableMap<String, Chart> charts;
  private final StringBuilder out = new StringBuilder();

  private HtmlReport(Report report) {
    this.report = report;
    this.lines = new Lines(report.result().rows());
    ArticleCharts article = new ArticleCharts(report);
    this.charts =
        ImmutableMap.of(
            "response-time", article.responseTime(),
            "cpu", article.cpu(),
            "rules", article.rules());
  }

  static String of(Report report) {
    HtmlReport page = new HtmlReport(report);
    page.write();
    return page.out.toString();
  }

  private void write() {
    out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"");
    out.append(NOTHING_FROM_ELSEWHERE).append("\">\n");
    out.append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
    out.append("<meta name=\"color-scheme\" content=\"light dark\">\n");
    out.append("<title>Packetpath: which kube-proxy mode, at what cost</title>\n<style>\n");
    out.append(Ink.css()).append(resource("report.css")).append("</style>\n</head>\n<body>\n");
    out.append("<main>\n<h1>Which kube-proxy mode, at what cost</h1>\n");
    out.append("<p class=\"under\">profile ").append(escape(report.result().profile()));
    out.append("; made by Packetpath</p>\n");
    advice();
    charts.forEach(this::chart);
    breakdown();
    out.append(new HtmlTables(report).breakEven());
    out.append(new HtmlTables(report).published());
    out.append(new HtmlTables(report).rows());
    out.append(new HtmlTables(report).assumptions());
    out.append("<h2>The command that made this</h2>\n<pre>");
    out.append(escape(report.command())).append("</pre>\n</main>\n");
    out.append("<script type=\"application/json\" id=\"charts\">");
    out.append(HoverJson.of(charts)).append("</script>\n");
    out.append("<script>\n").append(resource("report.js")).append("</script>\n</body>\n</html>\n");
  }

  private void advice() {
    out.append("<div class=\"advice\"><strong>").append(escape(report.advice().sentence()));
    out.append("</strong><p>").append(escape(report.advice().reason())).append("</p></div>\n");
  }

  private void chart(String name, Chart chart) {
    out.append("<figure>\n<div class=\"wide\"><div class=\"plot\" tabindex=\"0\" data-chart=\"");
    out.append(name).append("\" role=\"group\" aria-label=\"").append(escape(chart.title()));
    out.append(" against Services; arrow keys tell the values\">\n");
    out.append(SvgWriter.element(ChartDrawing.of(chart)));
    out.append("</div></div>\n</figure>\n");
  }

  private void breakdown() {
    int size = lines.sizes().get(lines.sizes().size() - 1);
    int keepalive = lines.keepalives().get(0);
    out.append("<h2>What CPU time goes to</h2>\n<p class=\"choose\">");
    select("size", "Services", lines.sizes(), size);
    select("keepalive", "requests of a connection", lines.keepalives(), keepalive);
    out.append("</p>\n<figure>\n<div class=\"wide\">\n");
    for (int keep : lines.keepalives()) {
      double most =
          report.result().rows().stream()
              .filter(row -> row.configuration().keepalive() == keep)
              .mapToDouble(row -> row.cpu().total())
              .max()
              .orElse(1);
      for (int at : lines.sizes()) {
        String about =
            String.format(
                Locale.ROOT,
                "CPU by kind of work with %,d Services and %,d requests of a connection",
                at,
                keep);
        BarChart bars = CostBars.of(lines.at(at, keep), about, most);
        out.append("<div class=\"bars\" data-at=\"").append(at).append('-').append(keep);
        out.append(at == size && keep == keepalive ? "\">\n" : "\" hidden>\n");
        out.append(SvgWriter.element(bars.drawing())).append("</div>\n");
      }
    }
    out.append("</div>\n</figure>\n");
  }

  private void select(String id, String label, Iterable<Integer> values, int chosen) {
    out.append("<label>").append(label).append(" <select id=\"").append(id).append("\">");
    for (int value : values) {
      out.append("<option value=\"").append(value).append('"');
      out.append(value == chosen ? " selected>" : ">");
      out.append(String.format(Locale.ROOT, "%,d", value)).append("</option>");
    }
    out.append("</select></label>");
  }

  static String escape(String text) {
    return HtmlEscapers.htmlEscaper().escape(text);
  }

  private static String resource(String name) {
    try {
      return Resources.toString(
          Resources.getResource(HtmlReport.class, name), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
