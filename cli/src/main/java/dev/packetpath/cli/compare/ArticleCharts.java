package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableList;
import dev.packetpath.cli.chart.Chart;
import dev.packetpath.cli.chart.Ink;
import dev.packetpath.cli.chart.Point;
import dev.packetpath.cli.chart.Series;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.Variant;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The three charts of the article, with its points beside ours. */
final class ArticleCharts {
  private static final String SERVICES = "Services";
  private static final int KEPT = 100;

  /** Lines that end within this part of the chart's height share a name. */
  private static final double SAME = 0.04;

  /** Beyond this ratio the least values would lie on the axis of a linear scale. */
  private static final double WIDE = 40;

  private final Report report;
  private final Lines lines;

  ArticleCharts(Report report) {
    this.report = report;
    this.lines = new Lines(report.result().rows());
  }

  Chart responseTime() {
    List<Series> series = byKeepalive(row -> row.responseTime().mean());
    series.addAll(published(1));
    Chart.Scale scale = scale(series);
    return new Chart(
        "Response time",
        conditions(),
        SERVICES,
        scale == Chart.Scale.LINEAR
            ? "mean response time, ms"
            : "mean response time, logarithmic, ms",
        scale,
        ImmutableList.copyOf(series),
        legend(true));
  }

  Chart cpu() {
    ToDoubleFunction<Row> total = row -> row.cpu().total();
    return new Chart(
        "CPU of the client's node",
        conditions(),
        SERVICES,
        "CPU, cores",
        Chart.Scale.LINEAR,
        ImmutableList.<Series>builder().addAll(byKeepalive(total)).addAll(published(2)).build(),
        legend(true));
  }

  Chart rules() {
    List<Series> series = new ArrayList<>();
    int keepalive = lines.keepalives().get(0);
    for (Variant variant : lines.variants()) {
      series.add(
          Look.series(variant, variant.text() + ", last Service")
              .endLabel(variant.text())
              .points(lines.points(variant, keepalive, row -> chain(variant, row)))
              .build());
    }
    if (!report.calico().isEmpty()) {
      series.add(
          Series.named("Calico, last Pod")
              .endLabel("Calico")
              .ink(Ink.GREY)
              .points(
                  report.calico().stream()
                      .map(rules -> Point.of(rules.services(), (double) rules.max()))
                      .toList())
              .build());
    }
    series.addAll(published(3));
    return new Chart(
        "Rules that a new connection meets",
        "kube-proxy: to the last Service in the list of Services (iptables), all rules (other modes)",
        SERVICES,
        "rules, logarithmic",
        Chart.Scale.LOGARITHMIC,
        ImmutableList.copyOf(series),
        legend(false));
  }

  /** Returns the article's count where Services stand in a list, and else all rules. */
  private static double chain(Variant variant, Row row) {
    return variant.mode() == ProxyMode.IPTABLES || variant.mode() == ProxyMode.USERSPACE
        ? row.rulesPerNewConnection().serviceChainMax()
        : row.rulesPerNewConnection().max();
  }

  private List<Series> byKeepalive(ToDoubleFunction<Row> value) {
    List<Series> series = new ArrayList<>();
    double top =
        report.result().rows().stream().mapToDouble(value).filter(Double::isFinite).max().orElse(1);
    for (int keepalive : lines.keepalives()) {
      boolean first = keepalive == lines.keepalives().get(0);
      boolean together =
          !first && lines.variants().size() > 1 && endsTogether(keepalive, value, top);
      for (Variant variant : lines.variants()) {
        String suffix = keepalive == 1 ? "" : ", keepalive " + keepalive;
        Series.Builder one =
            stroke(keepalive, Look.series(variant, variant.text() + suffix))
                .points(lines.points(variant, keepalive, value));
        if (!first) {
          // The stroke tells the workload, and the colour the mode.
          boolean named = together && variant.equals(lines.variants().get(0));
          one.endLabel(named ? "all modes, keepalive " + keepalive : "");
        }
        series.add(one.build());
      }
    }
    return series;
  }

  private Series.Builder stroke(int keepalive, Series.Builder series) {
    return switch (lines.keepalives().indexOf(keepalive)) {
      case 0 -> series;
      case 1 -> series.dashed();
      default -> series.dotted();
    };
  }

  private boolean endsTogether(int keepalive, ToDoubleFunction<Row> value, double top) {
    int most = lines.sizes().get(lines.sizes().size() - 1);
    double[] ends =
        lines.at(most, keepalive).stream().mapToDouble(value).filter(Double::isFinite).toArray();
    if (ends.length == 0) {
      return false;
    }
    double least = Double.MAX_VALUE;
    double greatest = 0;
    for (double end : ends) {
      least = Math.min(least, end);
      greatest = Math.max(greatest, end);
    }
    return greatest - least <= SAME * top;
  }

  /** Returns the published points of a chart, each beside the line it is to be compared with. */
  private static List<Series> published(int chart) {
    ImmutableList<PublishedPoint> points =
        PublishedPoint.all().stream()
            .filter(point -> point.chart() == chart)
            .collect(ImmutableList.toImmutableList());
    List<Series> series = new ArrayList<>();
    for (String mode : points.stream().map(PublishedPoint::mode).distinct().toList()) {
      for (int keepalive : new int[] {1, KEPT}) {
        List<Point> own =
            points.stream()
                .filter(point -> point.mode().equals(mode) && point.keepalive() == keepalive)
                .map(PublishedPoint::point)
                .toList();
        if (!own.isEmpty()) {
          String suffix = keepalive == 1 ? "" : ", keepalive " + keepalive;
          series.add(publishedLook(mode, "published: " + mode + suffix).points(own).build());
        }
      }
    }
    return series;
  }

  private static Series.Builder publishedLook(String mode, String name) {
    return switch (mode) {
      case "ipvs" -> Look.series(new Variant(ProxyMode.IPVS, "1.20"), name).published();
      case "calico" -> Series.named(name).ink(Ink.GREY).published();
      default -> Look.series(new Variant(ProxyMode.IPTABLES, "1.20"), name).published();
    };
  }

  /** Returns the scale on which the least and the greatest values are both to be read. */
  private static Chart.Scale scale(List<Series> series) {
    DoubleSummaryStatistics values =
        series.stream()
            .flatMap(one -> one.points().stream())
            .mapToDouble(Point::high)
            .filter(value -> value > 0)
            .summaryStatistics();
    return values.getMax() > WIDE * values.getMin() ? Chart.Scale.LOGARITHMIC : Chart.Scale.LINEAR;
  }

  private ImmutableList<Chart.Key> legend(boolean byKeepalive) {
    ImmutableList.Builder<Chart.Key> keys = ImmutableList.builder();
    if (byKeepalive && lines.keepalives().size() > 1) {
      for (int keepalive : lines.keepalives()) {
        Series.Builder sample = stroke(keepalive, Series.named("sample").ink(Ink.GREY));
        keys.add(
            new Chart.Key(
                sample.build().look(),
                keepalive == 1 ? "a connection for each request" : keepalive + " requests each"));
      }
    }
    keys.add(
        new Chart.Key(
            Series.named("sample").ink(Ink.GREY).published().build().look(),
            byKeepalive
                ? "hollow: published (2019)"
                : "hollow: published (2019); a bar where only a range can be read"));
    return keys.build();
  }

  private String conditions() {
    Configuration first = report.result().rows().get(0).configuration();
    return String.format(
        Locale.ROOT,
        "profile %s; %s requests/s, %,d endpoints a Service%s",
        report.result().profile(),
        String.format(Locale.ROOT, "%,.0f", first.requestsPerSecond()),
        first.endpoints(),
        first.calico() ? ", with Calico" : "");
  }
}
