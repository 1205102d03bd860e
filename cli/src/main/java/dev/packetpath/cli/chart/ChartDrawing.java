package dev.packetpath.cli.chart;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Lays a chart out: frame, grid, lines, marks, names at the lines' ends, legend. */
public final class ChartDrawing {
  private static final double WIDTH = 820;
  private static final double HEIGHT = 470;
  private static final double LEFT = 64;
  private static final double RIGHT = WIDTH - 210;
  private static final double TOP = 92;
  private static final double BOTTOM = HEIGHT - 88;
  private static final double TEXT_SIZE = 12;

  /** Of text whose font is not known: wide rather than narrow. */
  private static final double CHARACTER = 0.56;

  private final Chart chart;
  private final Axis x;
  private final Axis y;
  private final List<Shape> shapes = new ArrayList<>();

  private ChartDrawing(Chart chart) {
    this.chart = chart;
    this.x = Axis.at(List.copyOf(xs(chart)), LEFT + 14, RIGHT - 6);
    List<Point> points =
        chart.series().stream().flatMap(series -> series.points().stream()).toList();
    double most = points.stream().mapToDouble(Point::high).max().orElse(1);
    this.y =
        switch (chart.scale()) {
          case LINEAR -> Axis.linear(most, BOTTOM, TOP);
          case LOGARITHMIC ->
              Axis.logarithmic(
                  points.stream()
                      .mapToDouble(Point::low)
                      .filter(value -> value > 0)
                      .min()
                      .orElse(1),
                  Math.max(most, 1e-9),
                  BOTTOM,
                  TOP);
        };
  }

  /** Returns the drawing of a chart. */
  public static Drawing of(Chart chart) {
    ChartDrawing drawing = new ChartDrawing(chart);
    drawing.draw();
    return new Drawing(
        WIDTH,
        HEIGHT,
        chart.title() + ". " + chart.subtitle(),
        ImmutableList.copyOf(drawing.shapes));
  }

  /** Returns where the values of a chart's drawing stand. */
  public static Hover hover(Chart chart) {
    ChartDrawing drawing = new ChartDrawing(chart);
    return new Hover(
        TOP,
        BOTTOM,
        xs(chart).stream()
            .map(value -> new Hover.Stop(value, drawing.x.place(value), drawing.values(value)))
            .collect(ImmutableList.toImmutableList()));
  }

  private static SortedSet<Double> xs(Chart chart) {
    SortedSet<Double> xs = new TreeSet<>();
    chart.series().forEach(series -> series.points().forEach(point -> xs.add(point.x())));
    return xs;
  }

  private ImmutableList<Hover.Value> values(double at) {
    ImmutableList.Builder<Hover.Value> values = ImmutableList.builder();
    for (Series series : chart.series()) {
      for (Point point : series.points()) {
        if (point.x() == at) {
          values.add(new Hover.Value(series, point, y.place(point.high())));
        }
      }
    }
    return values.build();
  }

  private void draw() {
    frame();
    List<Series> ours = chart.series().stream().filter(s -> !s.look().published()).toList();
    List<Series> published = chart.series().stream().filter(s -> s.look().published()).toList();
    ours.forEach(this::line);
    ours.forEach(this::marks);
    published.forEach(this::marks);
    EndLabels labels = new EndLabels(RIGHT, TOP, BOTTOM);
    for (Series series : ours) {
      if (!series.endLabel().isEmpty() && !series.points().isEmpty()) {
        labels.add(series.endLabel(), series.look().ink(), y.place(series.last().high()));
      }
    }
    labels.drawTo(shapes);
    legend();
  }

  private void frame() {
    text(LEFT - 44, 28, chart.title(), 17, true, Ink.TEXT, Shape.Anchor.START);
    text(LEFT - 44, 48, chart.subtitle(), TEXT_SIZE, false, Ink.MUTED, Shape.Anchor.START);
    text(LEFT - 44, TOP - 14, chart.yLabel(), TEXT_SIZE, false, Ink.MUTED, Shape.Anchor.START);
    for (double tick : y.ticks()) {
      double at = y.place(tick);
      boolean base = at == BOTTOM;
      shapes.add(Shape.Path.line(LEFT, at, RIGHT, at, base ? Ink.AXIS : Ink.GRID, 1));
      text(LEFT - 8, at + 4, Axis.text(tick), TEXT_SIZE, false, Ink.MUTED, Shape.Anchor.END);
    }
    for (double tick : x.ticks()) {
      double at = x.place(tick);
      shapes.add(Shape.Path.line(at, BOTTOM, at, BOTTOM + 5, Ink.AXIS, 1));
      text(at, BOTTOM + 20, Axis.text(tick), TEXT_SIZE, false, Ink.MUTED, Shape.Anchor.MIDDLE);
    }
    text(
        (LEFT + RIGHT) / 2,
        BOTTOM + 40,
        chart.xLabel(),
        TEXT_SIZE,
        false,
        Ink.MUTED,
        Shape.Anchor.MIDDLE);
  }

  private void line(Series series) {
    ImmutableList<Shape.Place> places =
        series.points().stream().map(this::place).collect(ImmutableList.toImmutableList());
    if (places.size() > 1) {
      shapes.add(new Shape.Path(places, series.look().ink(), 2, series.look().stroke()));
    }
  }

  private void marks(Series series) {
    Series.Look look = series.look();
    for (Point point : series.points()) {
      if (point.isRange()) {
        range(point, look.ink());
      } else {
        shapes.add(new Shape.Mark(place(point), look.form(), look.ink(), look.published()));
      }
    }
  }

  private void range(Point point, Ink ink) {
    double at = x.place(point.x());
    double low = y.place(point.low());
    double high = y.place(point.high());
    shapes.add(Shape.Path.line(at, low, at, high, ink, 1.5));
    shapes.add(Shape.Path.line(at - 5, low, at + 5, low, ink, 1.5));
    shapes.add(Shape.Path.line(at - 5, high, at + 5, high, ink, 1.5));
  }

  private Shape.Place place(Point point) {
    return new Shape.Place(x.place(point.x()), y.place(point.high()));
  }

  private void legend() {
    double at = LEFT - 44;
    double base = HEIGHT - 16;
    for (Chart.Key key : chart.legend()) {
      Series.Look look = key.look();
      if (!look.published()) {
        shapes.add(
            new Shape.Path(
                ImmutableList.of(new Shape.Place(at, base - 4), new Shape.Place(at + 28, base - 4)),
                look.ink(),
                2,
                look.stroke()));
      }
      shapes.add(
          new Shape.Mark(
              new Shape.Place(at + 14, base - 4), look.form(), look.ink(), look.published()));
      text(at + 36, base, key.text(), TEXT_SIZE, false, Ink.TEXT, Shape.Anchor.START);
      at += 36 + key.text().length() * TEXT_SIZE * CHARACTER + 20;
    }
  }

  private void text(
      double atX,
      double atY,
      String text,
      double size,
      boolean bold,
      Ink ink,
      Shape.Anchor anchor) {
    if (!text.isEmpty()) {
      shapes.add(new Shape.Text(atX, atY, text, size, bold, ink, anchor));
    }
  }
}
