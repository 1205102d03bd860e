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
import java.util.stream.Collectors;

/** The three charts of the article, with its points beside ours. */
final class ArticleCharts {
  private static final String SERVICES = "Services";
  private static final int KEPT = 100;

  /** Lines whose ends have at most this ratio share a name. */
  private static final double SAME = 1.1;

  /** Beyond this ratio the least values would lie on the axis of a linear scale. */
  private static final double WIDE = 40;

  private static final double FAR = 3;

  private final Report report;
  private final Lines lines;

  ArticleCharts(Report report) {
    this.report = report;
    this.lines = new Lines(report.result().rows());
  }

  Chart responseTime() {
    List<Series> all = byKeepalive(row -> row.responseTime().mean());
    all.addAll(published(PublishedChart.RESPONSE_TIME));
    List<Series> series = withoutFarUserspace(all);
    Chart.Scale scale = scale(series);
    return new Chart(
        "Response time",
        conditions()
            + (series.size() < all.size() ? "; userspace is far above" : "")
            + overloaded(),
        SERVICES,
        scale == Chart.Scale.LINEAR
            ? "mean response time, ms"
            : "mean response time, logarithmic, ms",
        scale,
        ImmutableList.copyOf(series),
        legend(true));
  }

  /** Returns which lines end or are missing because queues grow for ever, empty if none does. */
  private String overloaded() {
    String names = lines.overloaded().stream().map(Variant::text).collect(Collectors.joining(", "));
    return names.isEmpty() ? "" : "; overload where no line is: " + names;
  }

  Chart cpu() {
    ToDoubleFunction<Row> total = row -> row.cpu().total();
    return new Chart(
        "CPU of the client's node",
        conditions(),
        SERVICES,
        "CPU, cores",
        Chart.Scale.LINEAR,
        ImmutableList.<Series>builder()
            .addAll(byKeepalive(total))
            .addAll(published(PublishedChart.CPU))
            .build(),
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
    series.addAll(published(PublishedChart.RULES));
    return new Chart(
        "Rules that a new connection meets",
        "kube-proxy: to the last Service in the list of Services (iptables), all rules (other"
            + " modes)",
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
    for (int keepalive : lines.keepalives()) {
      boolean first = keepalive == lines.keepalives().get(0);
      for (Variant variant : lines.variants()) {
        String name = variant.text() + (keepalive == 1 ? "" : ", keepalive " + keepalive);
        series.add(
            stroke(keepalive, Look.series(variant, name))
                .endLabel(first ? name : "")
                .points(lines.points(variant, keepalive, value))
                .build());
      }
      if (!first) {
        nameTogether(
            keepalive, series.subList(series.size() - lines.variants().size(), series.size()));
      }
    }
    return series;
  }

  /**
   * Names lines that end in one place, which the stroke and the colour tell otherwise; userspace
   * may end elsewhere.
   */
  private static void nameTogether(int keepalive, List<Series> kept) {
    List<Series> others = kept.stream().filter(series -> !isUserspace(series)).toList();
    if (others.size() < 2 || !endTogether(others)) {
      return;
    }
    String who = endTogether(kept) ? "all modes" : "other modes";
    for (int i = 0; i < kept.size(); i++) {
      Series series = kept.get(i);
      if (series.equals(others.get(0))) {
        kept.set(i, series.withEndLabel(who + ", keepalive " + keepalive));
      } else if (isUserspace(series) && !endTogether(kept)) {
        kept.set(i, series.withEndLabel(series.name()));
      }
    }
  }

  private static boolean endTogether(List<Series> series) {
    DoubleSummaryStatistics ends =
        series.stream()
            .filter(one -> !one.points().isEmpty())
            .mapToDouble(one -> one.last().high())
            .summaryStatistics();
    return ends.getCount() > 0 && ends.getMax() <= SAME * ends.getMin();
  }

  private Series.Builder stroke(int keepalive, Series.Builder series) {
    return switch (lines.keepalives().indexOf(keepalive)) {
      case 0 -> series;
      case 1 -> series.dashed();
      default -> series.dotted();
    };
  }

  /** Returns the published points of a chart, each beside the line it is to be compared with. */
  private static List<Series> published(PublishedChart chart) {
    ImmutableList<PublishedMark> marks =
        PublishedMark.all().stream()
            .filter(mark -> mark.chart() == chart)
            .collect(ImmutableList.toImmutableList());
    List<Series> series = new ArrayList<>();
    for (String mode : marks.stream().map(PublishedMark::mode).distinct().toList()) {
      for (int keepalive : new int[] {1, KEPT}) {
        List<Point> own =
            marks.stream()
                .filter(mark -> mark.mode().equals(mode) && mark.keepalive() == keepalive)
                .map(PublishedMark::point)
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

  /** Leaves userspace out where all else would lie on the axis beside it. */
  private static List<Series> withoutFarUserspace(List<Series> all) {
    double others =
        all.stream()
            .filter(series -> !isUserspace(series))
            .mapToDouble(Series::most)
            .max()
            .orElse(0);
    return others == 0
        ? all
        : all.stream()
            .filter(series -> !isUserspace(series) || series.most() <= FAR * others)
            .toList();
  }

  private static boolean isUserspace(Series series) {
    return series.name().startsWith(new Variant(ProxyMode.USERSPACE, "current").text());
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
    String published =
        report.result().profile().startsWith("article") || !byKeepalive
            ? "hollow: published (2019)"
            : "hollow: published (2019), another machine";
    keys.add(
        new Chart.Key(
            Series.named("sample").ink(Ink.GREY).published().build().look(),
            byKeepalive ? published : published + "; a bar where only a range can be read"));
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
