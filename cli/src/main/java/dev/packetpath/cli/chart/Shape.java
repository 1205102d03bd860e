package dev.packetpath.cli.chart;

import com.google.common.collect.ImmutableList;

/** A piece of a drawing; coordinates are pixels from the upper left corner. */
public sealed interface Shape {
  /** How a line is drawn. */
  enum Stroke {
    SOLID,
    DASHED,
    DOTTED;

    /** Returns the lengths of a stroke and of the gap behind it; none of a solid line. */
    float[] dashes() {
      return switch (this) {
        case SOLID -> new float[0];
        case DASHED -> new float[] {6, 4};
        case DOTTED -> new float[] {2, 3};
      };
    }
  }

  /** The form of a mark, which tells series apart where colour does not. */
  enum Form {
    CIRCLE,
    SQUARE,
    DIAMOND,
    TRIANGLE,
    WEDGE
  }

  /** Which end of a text stands at its place. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /** A place. */
  record Place(double x, double y) {}

  /** Lines from place to place. */
  record Path(ImmutableList<Place> places, Ink ink, double width, Stroke stroke) implements Shape {
    static Path line(double x1, double y1, double x2, double y2, Ink ink, double width) {
      return new Path(
          ImmutableList.of(new Place(x1, y1), new Place(x2, y2)), ink, width, Stroke.SOLID);
    }
  }

  /** A mark around a place; a hollow one shows the ground inside. */
  record Mark(Place place, Form form, Ink ink, boolean hollow) implements Shape {}

  /** A filled rectangle, with what it stands for. */
  record Bar(double x, double y, double width, double height, Ink ink, String about)
      implements Shape {}

  /** A text on one line; {@code y} is its base line. */
  record Text(double x, double y, String text, double size, boolean bold, Ink ink, Anchor anchor)
      implements Shape {}
}
