package dev.packetpath.cli.compare;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.ExperimentResult;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.Variant;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.util.Comparator;

/**
 * A published point beside the row of the same configuration.
 *
 * @param chart the chart of the point
 * @param variant the mode and layout
 * @param keepalive requests of a connection
 * @param services the number of Services
 * @param published what others found
 * @param found what the row says
 */
record Comparison(
    PublishedChart chart,
    Variant variant,
    int keepalive,
    int services,
    double published,
    double found) {
  /** Returns the comparisons that a result allows: the article's rules were those of 1.20. */
  static ImmutableList<Comparison> of(ExperimentResult result) {
    ImmutableList.Builder<Comparison> found = ImmutableList.builder();
    for (PublishedMark mark : PublishedMark.all()) {
      if (mark.point().low() == mark.point().high()) {
        result.rows().stream()
            .filter(row -> isSame(mark, row.configuration()))
            .findFirst()
            .ifPresent(row -> found.add(of(mark, row)));
      }
    }
    return ImmutableList.sortedCopyOf(
        Comparator.comparing(Comparison::chart)
            .thenComparing(comparison -> comparison.variant().text())
            .thenComparingInt(Comparison::keepalive),
        found.build());
  }

  private static Comparison of(PublishedMark mark, Row row) {
    return new Comparison(
        mark.chart(),
        Variant.of(row.configuration()),
        mark.keepalive(),
        row.configuration().services(),
        mark.point().high(),
        mark.chart().found(row));
  }

  private static boolean isSame(PublishedMark mark, Configuration configuration) {
    Variant variant = Variant.of(configuration);
    boolean mode =
        mark.mode().equals("ipvs")
            ? variant.mode() == ProxyMode.IPVS
            : variant.mode() == ProxyMode.IPTABLES && !variant.isCurrent();
    return mode
        && !mark.mode().equals("calico")
        && mark.keepalive() == configuration.keepalive()
        && mark.point().x() == configuration.services()
        && configuration.endpoints() == PublishedMark.ENDPOINTS
        && configuration.requestsPerSecond() == PublishedMark.RATE;
  }
}
