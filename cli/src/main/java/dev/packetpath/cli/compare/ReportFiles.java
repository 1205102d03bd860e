package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.cli.chart.Chart;
import dev.packetpath.cli.chart.ChartDrawing;
import dev.packetpath.cli.chart.Drawing;
import dev.packetpath.cli.chart.PngWriter;
import dev.packetpath.cli.chart.SvgWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The files of a report. */
public final class ReportFiles {
  private ReportFiles() {}

  /** What writes one file. */
  @FunctionalInterface
  public interface Content {
    /** Writes it. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Returns the files by name: results as JSON and CSV, three charts as SVG and PNG, the page. */
  public static ImmutableMap<String, Content> of(Report report) {
    ArticleCharts charts = new ArticleCharts(report);
    ImmutableMap.Builder<String, Content> files = ImmutableMap.builder();
    files.put("results.json", text(ResultsJson.of(report)));
    files.put("results.csv", text(ResultsCsv.of(report)));
    files.put("report.html", text(HtmlReport.of(report)));
    chart("response-time", charts.responseTime(), files);
    chart("cpu", charts.cpu(), files);
    chart("rules", charts.rules(), files);
    return files.buildOrThrow();
  }

  private static void chart(String name, Chart chart, ImmutableMap.Builder<String, Content> files) {
    Drawing drawing = ChartDrawing.of(chart);
    files.put(name + ".svg", text(SvgWriter.file(drawing)));
    files.put(name + ".png", out -> PngWriter.write(drawing, out));
  }

  private static Content text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
