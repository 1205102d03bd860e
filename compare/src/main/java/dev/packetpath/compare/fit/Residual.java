package dev.packetpath.compare.fit;

/**
 * A published point and what was predicted for it.
 *
 * @param point the point
 * @param predicted the prediction, in the unit of its measure
 */
public record Residual(PublishedPoint point, double predicted) {
  /** Returns how far the prediction is off, as a share of what is tolerated. */
  public double ofTolerance() {
    return (predicted - point.value()) / point.tolerance();
  }

  /** Returns how far the prediction is off, as a share of the value. */
  public double relative() {
    return predicted / point.value() - 1;
  }
}
