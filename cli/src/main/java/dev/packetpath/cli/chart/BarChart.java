package dev.packetpath.cli.chart;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Bars that lie one under the other, each of several parts.
 *
 * @param about what it shows
 * @param label what the values are, with their unit
 * @param most the value at the right end
 * @param kinds what the parts are
 * @param bars the bars
 */
public record BarChart(
    String about, String label, double most, ImmutableList<Kind> kinds, ImmutableList<Bar> bars) {
  private static final double WIDTH = 820;
  private static final double LEFT = 132;
  private static final double RIGHT = WIDTH - 70;
  private static final double TOP = 66;
  private static final double PITCH = 34;
  private static final double THICKNESS = 20;
  private static final double GAP = 1;
  private static final double TEXT_SIZE = 12;
  private static final double CHARACTER = 0.56;

  /**
   * What a part stands for.
   *
   * @param name its name
   * @param ink its colour
   */
  public record Kind(String name, Ink ink) {}

  /**
   * A bar.
   *
   * @param name its name
   * @param parts the values of its parts, in the order of the kinds
   * @param sum what stands at its end
   */
  public record Bar(String name, ImmutableList<Double> parts, String sum) {}

  /** Returns the drawing. */
  public Drawing drawing() {
    List<Shape> shapes = new ArrayList<>();
    double bottom = TOP + bars.size() * PITCH;
    legend(shapes);
    Axis axis = Axis.linear(most, LEFT, RIGHT);
    for (double tick : axis.ticks()) {
      double at = axis.place(tick);
      shapes.add(Shape.Path.line(at, TOP - 6, at, bottom, tick == 0 ? Ink.AXIS : Ink.GRID, 1));
      shapes.add(text(at, bottom + 18, Axis.text(tick), Ink.MUTED, Shape.Anchor.MIDDLE));
    }
    shapes.add(text((LEFT + RIGHT) / 2, bottom + 38, label, Ink.MUTED, Shape.Anchor.MIDDLE));
    double y = TOP + (PITCH - THICKNESS) / 2 - 3;
    for (Bar bar : bars) {
      bar(bar, axis, y, shapes);
      y += PITCH;
    }
    return new Drawing(WIDTH, bottom + 48, about, ImmutableList.copyOf(shapes));
  }

  private void bar(Bar bar, Axis axis, double y, List<Shape> shapes) {
    double base = y + THICKNESS / 2 + TEXT_SIZE * 0.35;
    shapes.add(text(LEFT - 10, base, bar.name(), Ink.TEXT, Shape.Anchor.END));
    double sum = 0;
    for (int i = 0; i < kinds.size(); i++) {
      double part = bar.parts().get(i);
      double from = axis.place(sum);
      double to = axis.place(sum + part);
      if (to - from > 0.3) {
        double gap = to - from > 4 * GAP ? GAP : 0;
        shapes.add(
            new Shape.Bar(
                from,
                y,
                to - from - gap,
                THICKNESS,
                kinds.get(i).ink(),
                String.format(
                    Locale.ROOT, "%s: %s %.4f core", bar.name(), kinds.get(i).name(), part)));
      }
      sum += part;
    }
    shapes.add(text(axis.place(sum) + 8, base, bar.sum(), Ink.TEXT, Shape.Anchor.START));
  }

  private void legend(List<Shape> shapes) {
    double at = 0;
    double base = 18;
    for (Kind kind : kinds) {
      double wide = 18 + kind.name().length() * TEXT_SIZE * CHARACTER + 18;
      if (at + wide > WIDTH) {
        at = 0;
        base += 20;
      }
      shapes.add(new Shape.Bar(at, base - 10, 12, 12, kind.ink(), kind.name()));
      shapes.add(text(at + 18, base, kind.name(), Ink.TEXT, Shape.Anchor.START));
      at += wide;
    }
  }

  private static Shape text(double x, double y, String text, Ink ink, Shape.Anchor anchor) {
    return new Shape.Text(x, y, text, TEXT_SIZE, false, ink, anchor);
  }
}
