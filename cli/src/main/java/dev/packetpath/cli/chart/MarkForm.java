package dev.packetpath.cli.chart;

/** The corners of marks. */
final class MarkForm {
  static final double RADIUS = 4;
  static final double HOLLOW_RADIUS = 7;

  private MarkForm() {}

  /** Returns the corners of a form around 0, 0, of about the area of a circle of that radius. */
  static double[][] corners(Shape.Form form, double radius) {
    double half = radius * 0.89;
    double wide = radius * 1.25;
    return switch (form) {
      case CIRCLE -> new double[0][];
      case SQUARE -> new double[][] {{-half, -half}, {half, -half}, {half, half}, {-half, half}};
      case DIAMOND -> new double[][] {{0, -wide}, {wide, 0}, {0, wide}, {-wide, 0}};
      case TRIANGLE -> new double[][] {{0, -wide}, {wide, radius * 0.95}, {-wide, radius * 0.95}};
      case WEDGE -> new double[][] {{0, wide}, {wide, -radius * 0.95}, {-wide, -radius * 0.95}};
    };
  }
}
