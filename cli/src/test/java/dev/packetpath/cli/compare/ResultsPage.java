package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.compare.CalicoRules;
import dev.packetpath.compare.Experiment;
import dev.packetpath.compare.ExperimentResult;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.Sweep;
import dev.packetpath.compare.Variant;
import dev.packetpath.compare.advice.Advisor;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables of docs/results.md, found anew. */
final class ResultsPage {
  private static final ImmutableList<Integer> SIZES =
      ImmutableList.of(10, 100, 500, 1000, 5000, 10_000);
  private static final ImmutableList<Integer> TOLD = ImmutableList.of(10, 1000, 5000, 10_000);

  private final Report article;
  private final Report linux;

  private ResultsPage(Report article, Report linux) {
    this.article = article;
    this.linux = linux;
  }

  /** Runs the experiments of the page. */
  static ResultsPage find() {
    return new ResultsPage(
        report(
            "article-2019",
            Sweep.TWO_RULES_A_SERVICE,
            ImmutableList.of(ProxyMode.IPTABLES, ProxyMode.IPVS)),
        report("linux-6.18", KubeVersion.CURRENT, ImmutableList.copyOf(ProxyMode.values())));
  }

  private static Report report(String name, KubeVersion release, ImmutableList<ProxyMode> modes) {
    Profile profile = Profiles.shipped(name);
    ExperimentResult result =
        Experiment.builder(profile)
            .addAll(
                new Sweep(modes, SIZES, 10, ImmutableList.of(1, 100), 1000, false, release)
                    .configurations())
            .analytic()
            .build()
            .run();
    return new Report(
        result,
        ImmutableList.of(CalicoRules.of(10, 10), CalicoRules.of(1000, 10)),
        Advisor.of(result),
        ImmutableList.of(),
        "packetpath compare --analytic --profile " + name);
  }

  /** Returns the experiment of the article. */
  Report article() {
    return article;
  }

  /** Returns the blocks of the page by name. */
  ImmutableMap<String, String> blocks() {
    return ImmutableMap.of("article", published(), "linux", current(), "advice", advice());
  }

  private String published() {
    List<List<String>> rows = new ArrayList<>();
    for (Comparison comparison : Comparison.of(article.result())) {
      rows.add(
          List.of(
              comparison.chart().what(),
              comparison.variant().text(),
              Integer.toString(comparison.keepalive()),
              count(comparison.services()),
              comparison.chart().format(comparison.published()),
              comparison.chart().format(comparison.found())));
    }
    return table(
        List.of("what", "mode", "requests of a connection", "Services", "published", "found"),
        rows);
  }

  private String current() {
    List<List<String>> rows = new ArrayList<>();
    for (Row row : linux.result().rows()) {
      if (row.configuration().keepalive() == 1 && TOLD.contains(row.configuration().services())) {
        rows.add(
            List.of(
                Variant.of(row.configuration()).text(),
                count(row.configuration().services()),
                decimal("%.3f", row.responseTime().mean()),
                decimal("%.3f", row.cpu().total()),
                decimal("%.3f", row.cpu().rules()),
                decimal("%.3f", row.cpu().sync()),
                decimal("%,.0f", row.rulesPerNewConnection().mean()),
                count(row.rulesPerNewConnection().max())));
      }
    }
    return table(
        List.of(
            "mode",
            "Services",
            "response time, ms",
            "CPU, cores",
            "of it rules",
            "of it syncs",
            "rules of a new connection, mean",
            "most"),
        rows);
  }

  private String advice() {
    StringBuilder out = new StringBuilder();
    for (Report report : List.of(article, linux)) {
      out.append("\n**").append(report.result().profile()).append("**: ");
      out.append(report.advice().sentence()).append(' ').append(report.advice().reason());
      out.append('\n').append('\n');
      BreakEvenTable breakEven = BreakEvenTable.of(report.advice().breakEven(), List.of(1, 100));
      out.append(table(breakEven.head(), breakEven.rows()));
    }
    return out.substring(1);
  }

  private static String table(List<String> head, List<? extends List<String>> rows) {
    StringBuilder out = new StringBuilder();
    line(head, out);
    out.append("|---".repeat(head.size())).append("|\n");
    rows.forEach(row -> line(row, out));
    return out.toString();
  }

  private static void line(List<String> cells, StringBuilder out) {
    out.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String decimal(String format, double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "overload";
  }
}
