package dev.packetpath.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A chart of how the time of a new connection grows with the number of services, as SVG: both axes
 * logarithmic, nanoseconds over services.
 */
final class GrowthChart {
  private static final int[] SERVICES = {100, 1_000, 10_000, 100_000};
  private static final int WIDTH = 640;
  private static final int HEIGHT = 400;
  private static final int LEFT = 70;
  private static final int TOP = 40;
  private static final int PLOT_WIDTH = 430;
  private static final int PLOT_HEIGHT = 290;

  private final Scores scores;
  private final StringBuilder svg = new StringBuilder();

  GrowthChart(Scores scores) {
    this.scores = scores;
  }

  /** Writes the chart. */
  void write(Path file) throws IOException {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"13\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
        WIDTH, HEIGHT);
    text(LEFT, 22, "start", "A new connection through all hooks: ns, by the number of Services");
    for (int services : SERVICES) {
      text(
          x(services),
          TOP + PLOT_HEIGHT + 20,
          "middle",
          String.format(Locale.ROOT, "%,d", services));
      gridLine(x(services), TOP, x(services), TOP + PLOT_HEIGHT);
    }
    for (int ns = 100; ns <= 10_000; ns *= 10) {
      text(LEFT - 8, y(ns) + 4, "end", String.format(Locale.ROOT, "%,d", ns));
      gridLine(LEFT, y(ns), LEFT + PLOT_WIDTH, y(ns));
    }
    line(GrowthBenchmark.ALL, "all receive traffic", "#c1440e");
    line(GrowthBenchmark.HUNDRED, "the same 100 receive it", "#1f5fa8");
    Files.writeString(file, svg.append("</svg>\n"));
  }

  private void line(String receiving, String label, String color) {
    StringBuilder points = new StringBuilder();
    double last = 0;
    for (int services : SERVICES) {
      last =
          scores
              .of(
                  GrowthBenchmark.class,
                  "newConnection",
                  "services=" + services,
                  "receiving=" + receiving)
              .nanoseconds();
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(services), y(last)));
      add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", x(services), y(last), color);
    }
    add(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
        points.toString().strip(), color);
    text(LEFT + PLOT_WIDTH + 8, y(last) + 4, "start", label);
  }

  private static double x(int services) {
    return LEFT + PLOT_WIDTH * Math.log10(services / 100.0) / 3;
  }

  private static double y(double ns) {
    return TOP + PLOT_HEIGHT * (1 - Math.log10(ns / 100) / 2);
  }

  private void gridLine(double fromX, double fromY, double toX, double toY) {
    add(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n",
        fromX, fromY, toX, toY);
  }

  private void text(double x, double y, String anchor, String text) {
    add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, text);
  }

  @com.google.errorprone.annotations.FormatMethod
  private void add(String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments));
  }
}
