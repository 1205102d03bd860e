package dev.packetpath.cli.calibrate;

import java.math.BigDecimal;
import java.math.MathContext;

/** A figure as it is written into a profile. */
final class Figure {
  private static final MathContext DIGITS = new MathContext(3);

  private Figure() {}

  /** Returns a value with as many digits as a measurement on a busy machine is worth. */
  static double rounded(double value) {
    return new BigDecimal(value).round(DIGITS).doubleValue();
  }
}
