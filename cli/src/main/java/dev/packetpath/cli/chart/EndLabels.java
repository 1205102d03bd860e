package dev.packetpath.cli.chart;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The names at the right ends of lines, moved apart where they would stand on one another. */
final class EndLabels {
  private static final double SIZE = 12;
  private static final double LINE = 15;

  private final double right;
  private final double top;
  private final double bottom;
  private final List<Label> labels = new ArrayList<>();

  private record Label(String text, Ink ink, double lineEnd, double y) {
    Label at(double newY) {
      return new Label(text, ink, lineEnd, newY);
    }
  }

  /** Begins right of a plot. */
  EndLabels(double right, double top, double bottom) {
    this.right = right;
    this.top = top;
    this.bottom = bottom;
  }

  void add(String text, Ink ink, double y) {
    labels.add(new Label(text, ink, y, y));
  }

  void drawTo(List<Shape> shapes) {
    labels.sort(Comparator.comparingDouble(Label::lineEnd));
    spread();
    for (Label label : labels) {
      shapes.add(
          Shape.Path.line(right + 7, label.lineEnd(), right + 20, label.y(), label.ink(), 1.2));
      shapes.add(
          new Shape.Text(
              right + 24,
              label.y() + SIZE * 0.35,
              label.text(),
              SIZE,
              false,
              Ink.TEXT,
              Shape.Anchor.START));
    }
  }

  private void spread() {
    double free = top;
    for (int i = 0; i < labels.size(); i++) {
      labels.set(i, labels.get(i).at(Math.max(free, labels.get(i).y())));
      free = labels.get(i).y() + LINE;
    }
    double limit = bottom;
    for (int i = labels.size() - 1; i >= 0; i--) {
      labels.set(i, labels.get(i).at(Math.min(limit, labels.get(i).y())));
      limit = labels.get(i).y() - LINE;
    }
  }
}
