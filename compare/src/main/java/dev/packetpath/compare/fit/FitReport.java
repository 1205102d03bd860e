package dev.packetpath.compare.fit;

import dev.packetpath.compare.fit.PublishedPoint.Measure;
import dev.packetpath.node.cost.Profile;
import java.util.List;
import java.util.Locale;

/** A fit in Markdown: the parameters, and for each point the prediction with it and without it. */
public final class FitReport {
  private FitReport() {}

  /**
   * Returns the report: the parameters and, for each point, what is predicted with it and without
   * it among those that the parameters are fitted on.
   *
   * @param shipped the profile that is shipped
   * @param fitted the one that is fitted
   * @param within what the latter predicts
   * @param without what is predicted where the point is left out
   */
  public static String of(
      Profile shipped, Profile fitted, List<Residual> within, List<Residual> without) {
    StringBuilder text = new StringBuilder(4_096);
    text.append("| parameter | fitted | shipped |\n|---|---|---|\n");
    for (FittedParameter parameter : FittedParameter.values()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %.3f | %.3f |%n",
              parameter,
              parameter.of(fitted),
              parameter.of(shipped)));
    }
    text.append(
        "\n| | mode | keepalive | Services | published | fitted | off | without it | off |\n");
    text.append("|---|---|---|---|---|---|---|---|---|\n");
    for (int i = 0; i < within.size(); i++) {
      PublishedPoint point = within.get(i).point();
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %,d | %s | %.3f | %s | %.3f | %s |%n",
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
        ? String.format(Locale.ROOT, "%+.1f %%", 100 * residual.relative())
        : String.format(Locale.ROOT, "%+.4f", residual.predicted() - residual.point().value());
  }
}
