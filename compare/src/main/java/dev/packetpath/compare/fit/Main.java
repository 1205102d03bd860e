package dev.packetpath.compare.fit;

import com.google.common.collect.ImmutableList;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.io.PrintStream;

/** Fits the profile article-2019 on the published points and prints the report. */
public final class Main {
  private Main() {}

  /**
   * Runs the program.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    Profile shipped = Profiles.shipped("article-2019");
    ImmutableList<PublishedPoint> points = PublishedPoints.article2019();
    Profile fitted = ArticleFit.fit(ArticleFit.aside(shipped), points);
    PrintStream out = System.out;
    out.print(
        FitReport.of(
            shipped,
            fitted,
            ArticleFit.residuals(fitted, points),
            ArticleFit.leaveOneOut(fitted, points)));
  }
}
