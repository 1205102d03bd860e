package dev.packetpath.cli.chart;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkNotNull;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Ordering;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.List;

/**
 * Values that belong together.
 *
 * @param name its name
 * @param endLabel what stands at the end of its line; empty for nothing
 * @param look how it is drawn
 * @param points its points, x rising
 */
public record Series(String name, String endLabel, Look look, ImmutableList<Point> points) {
  /** Checks the order of the points. */
  public Series {
    checkArgument(
        Ordering.natural().isOrdered(points.stream().map(Point::x).toList()),
        "points of %s, expected x rising",
        name);
  }

  /**
   * How a series is drawn.
   *
   * @param ink its colour
   * @param form its marks
   * @param stroke its line
   * @param published whether it is what others found: hollow marks without a line
   */
  public record Look(Ink ink, Shape.Form form, Shape.Stroke stroke, boolean published) {}

  /** Returns a builder of a series. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** Returns the greatest value; 0 where there is none. */
  public double most() {
    return points.stream().mapToDouble(Point::high).max().orElse(0);
  }

  /** Returns the series with another name at the end of its line. */
  public Series withEndLabel(String label) {
    return new Series(name, label, look, points);
  }

  /** Returns the last point of at least one. */
  public Point last() {
    return points.get(points.size() - 1);
  }

  /** Collects what a series is. */
  public static final class Builder {
    private final String name;
    private String endLabel;
    private Ink ink = Ink.GREY;
    private Shape.Form form = Shape.Form.CIRCLE;
    private Shape.Stroke stroke = Shape.Stroke.SOLID;
    private boolean published;
    private ImmutableList<Point> points = ImmutableList.of();

    private Builder(String name) {
      this.name = checkNotNull(name);
      this.endLabel = name;
    }

    /** Sets what stands at the end of the line, its name unless told; empty for nothing. */
    @CanIgnoreReturnValue
    public Builder endLabel(String label) {
      this.endLabel = checkNotNull(label);
      return this;
    }

    /** Sets the colour. */
    @CanIgnoreReturnValue
    public Builder ink(Ink colour) {
      this.ink = checkNotNull(colour);
      return this;
    }

    /** Makes marks squares. */
    @CanIgnoreReturnValue
    public Builder squares() {
      this.form = Shape.Form.SQUARE;
      return this;
    }

    /** Makes marks diamonds. */
    @CanIgnoreReturnValue
    public Builder diamonds() {
      this.form = Shape.Form.DIAMOND;
      return this;
    }

    /** Makes marks triangles. */
    @CanIgnoreReturnValue
    public Builder triangles() {
      this.form = Shape.Form.TRIANGLE;
      return this;
    }

    /** Makes marks triangles that stand on a corner. */
    @CanIgnoreReturnValue
    public Builder wedges() {
      this.form = Shape.Form.WEDGE;
      return this;
    }

    /** Dashes the line. */
    @CanIgnoreReturnValue
    public Builder dashed() {
      this.stroke = Shape.Stroke.DASHED;
      return this;
    }

    /** Dots the line. */
    @CanIgnoreReturnValue
    public Builder dotted() {
      this.stroke = Shape.Stroke.DOTTED;
      return this;
    }

    /** Says that others found these values: hollow marks, no line, no label. */
    @CanIgnoreReturnValue
    public Builder published() {
      this.published = true;
      this.endLabel = "";
      return this;
    }

    /** Sets the points, x rising. */
    @CanIgnoreReturnValue
    public Builder points(List<Point> values) {
      this.points = ImmutableList.copyOf(values);
      return this;
    }

    /** Returns the series. */
    public Series build() {
      return new Series(name, endLabel, new Look(ink, form, stroke, published), points);
    }
  }
}
