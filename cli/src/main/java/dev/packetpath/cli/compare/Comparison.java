package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.ExperimentResult;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.Variant;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.util.Comparator;
import java.util.Locale;

/**
 * A published point beside the row of the same configuration.
 *
 * @param chart 1 response time, 2 CPU, 3 rules
 * @param variant the mode and layout
 * @param keepalive requests of a connection
 * @param services the number of Services
 * @param published what others found
 * @param found what the row says
 */
record Comparison(
    int chart, Variant variant, int keepalive, int services, double published, double found) {
  /** Returns the comparisons that a result allows: the article's rules were those of 1.20. */
  static ImmutableList<Comparison> of(ExperimentResult result) {
    ImmutableList.Builder<Comparison> found = ImmutableList.builder();
    for (PublishedPoint point : PublishedPoint.all()) {
      if (point.point().low() == point.point().high()) {
        result.rows().stream()
            .filter(row -> isSame(point, row.configuration()))
            .findFirst()
            .ifPresent(row -> found.add(of(point, row)));
      }
    }
    return ImmutableList.sortedCopyOf(
        Comparator.comparingInt(Comparison::chart)
            .thenComparing(comparison -> comparison.variant().text())
            .thenComparingInt(Comparison::keepalive),
        found.build());
  }

  private static Comparison of(PublishedPoint point, Row row) {
    return new Comparison(
        point.chart(),
        Variant.of(row.configuration()),
        point.keepalive(),
        row.configuration().services(),
        point.point().high(),
        switch (point.chart()) {
          case 1 -> row.responseTime().mean();
          case 2 -> row.cpu().total();
          default -> row.rulesPerNewConnection().serviceChainMax();
        });
  }

  private static boolean isSame(PublishedPoint point, Configuration configuration) {
    Variant variant = Variant.of(configuration);
    boolean mode =
        point.mode().equals("ipvs")
            ? variant.mode() == ProxyMode.IPVS
            : variant.mode() == ProxyMode.IPTABLES && !variant.isCurrent();
    return mode
        && !point.mode().equals("calico")
        && point.keepalive() == configuration.keepalive()
        && point.point().x() == configuration.services()
        && configuration.endpoints() == PublishedPoint.ENDPOINTS
        && configuration.requestsPerSecond() == PublishedPoint.RATE;
  }

  String what() {
    return switch (chart) {
      case 1 -> "response time, ms";
      case 2 -> "CPU, cores";
      default -> "rules to the last Service";
    };
  }

  String format(double value) {
    return String.format(
        Locale.ROOT,
        switch (chart) {
          case 1 -> "%.3f";
          case 2 -> "%.4f";
          default -> "%,.0f";
        },
        value);
  }
}
