package dev.packetpath.compare.fit;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.fit.PublishedPoint.Measure;
import dev.packetpath.node.cost.Profile;
import java.util.List;
import java.util.Locale;

/** A fit in Markdown: the parameters, and for each point the prediction with it and without it. */
public final class FitReport {
  private FitReport() {}

  /**
   * Returns the report.
   *
   * @param start the profile with values to start from
   * @param points what to fit on
   */
  public static String of(Profile start, List<PublishedPoint> points) {
    Profile fitted = ArticleFit.fit(start, points);
    StringBuilder text = new StringBuilder(4_096);
    text.append("| parameter | fitted | in the profile |\n|---|---|---|\n");
    for (FittedParameter parameter : FittedParameter.values()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.4f | %.4f |%n",
              parameter,
              parameter.of(fitted),
              parameter.of(start)));
    }
    text.append(
        "\n| measure | mode | keepalive | Services | published | fitted | off | without it | off |\n");
    text.append("|---|---|---|---|---|---|---|---|---|\n");
    ImmutableList<Residual> within = ArticleFit.residuals(fitted, points);
    ImmutableList<Residual> without = ArticleFit.leaveOneOut(start, points);
    for (int i = 0; i < points.size(); i++) {
      PublishedPoint point = points.get(i);
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %d | %s | %.4f | %s | %.4f | %s |%n",
              point.measure() == Measure.RESPONSE_MS ? "response, ms" : "CPU, cores",
              point.mode().name().toLowerCase(Locale.ROOT),
              point.keepalive(),
              point.services(),
              point.value(),
              within.get(i).predicted(),
              off(within.get(i)),
              without.get(i).predicted(),
              off(without.get(i))));
    }
    return text.toString();
  }

  private static String off(Residual residual) {
    return residual.point().measure() == Measure.RESPONSE_MS
        ? String.format(Locale.ROOT, "%+.2f %%", 100 * residual.relative())
        : String.format(Locale.ROOT, "%+.4f", residual.predicted() - residual.point().value());
  }
}
