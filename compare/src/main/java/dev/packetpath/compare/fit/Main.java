package dev.packetpath.compare.fit;

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
    PrintStream out = System.out;
    out.print(FitReport.of(Profiles.shipped("article-2019"), PublishedPoints.article2019()));
  }
}
