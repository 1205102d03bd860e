package dev.packetpath.iptables.match;

import dev.packetpath.core.Decisions;
import dev.packetpath.iptables.syntax.OptionValues;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;

/** Probabilities as iptables reads them (strtod) and prints them ({@code %.11f}). */
final class Probability {
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  private static final Pattern HEXADECIMAL =
      Pattern.compile("[+-]?0[xX]([0-9a-fA-F]+\\.?[0-9a-fA-F]*|\\.[0-9a-fA-F]+)([pP][+-]?[0-9]+)?");
  private static final int DECIMALS = 11;
  private static final int MAX_EXACT_DECIMALS = 15;

  private Probability() {}

  /** Returns the value of an option, 0 to 1, in units of 2<sup>-31</sup>. */
  static long threshold(OptionValues options, OptionValues.Given given) {
    double value = parse(given.value());
    if (!(value >= 0 && value <= 1)) {
      throw options.error(given, "\"" + given.value() + "\"", "a probability 0 to 1");
    }
    return Math.round(value * Decisions.CHANCE_SCALE);
  }

  private static double parse(String text) {
    double plain = plainFraction(text);
    if (plain >= 0) {
      return plain;
    }
    if (DECIMAL.matcher(text).matches()) {
      return Double.parseDouble(text);
    }
    if (HEXADECIMAL.matcher(text).matches()) {
      boolean scaled = text.toLowerCase(Locale.ROOT).indexOf('p') >= 0;
      return Double.parseDouble(scaled ? text : text + "p0");
    }
    return Double.NaN;
  }

  /**
   * Returns the value of {@code 0.digits}, -1 for any other text: both numbers divided are exact in
   * a double, so the quotient is rounded once, as parsing does it, in a sixth of the time.
   */
  private static double plainFraction(String text) {
    int decimals = text.length() - 2;
    if (decimals < 1 || decimals > MAX_EXACT_DECIMALS || !text.startsWith("0.")) {
      return -1;
    }
    long digits = 0;
    long scale = 1;
    for (int i = 2; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      digits = 10 * digits + digit;
      scale *= 10;
    }
    return (double) digits / scale;
  }

  static String toText(long threshold) {
    return BigDecimal.valueOf(threshold)
        .divide(BigDecimal.valueOf(Decisions.CHANCE_SCALE))
        .setScale(DECIMALS, RoundingMode.HALF_EVEN)
        .toPlainString();
  }
}
