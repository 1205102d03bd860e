package dev.packetpath.iptables.match;

import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * A range of unsigned numbers.
 *
 * @param first the lowest
 * @param last the highest; below {@code first} no number matches
 * @param inverted whether the sense is reversed
 */
public record NumberRange(long first, long last, boolean inverted) {
  /**
   * Reads {@code number}, {@code first:last}, {@code :last} or {@code first:} with numbers up to
   * {@code max}; no text is 0.
   */
  static NumberRange read(OptionValues options, OptionValues.Given given, long max) {
    String text = given.value();
    int colon = text.indexOf(':');
    if (colon < 0) {
      long number = text.isEmpty() ? 0 : options.number(given, text, 0, max);
      return new NumberRange(number, number, given.inverted());
    }
    long first = colon == 0 ? 0 : options.number(given, text.substring(0, colon), 0, max);
    long last =
        colon == text.length() - 1 ? max : options.number(given, text.substring(colon + 1), 0, max);
    return new NumberRange(first, last, given.inverted());
  }

  /** Reads an option, or returns all numbers up to {@code max} where it was not given. */
  static NumberRange read(OptionValues options, String name, long max) {
    return options.has(name)
        ? read(options, options.require(name), max)
        : new NumberRange(0, max, false);
  }

  /** Reads an option that holds one number, where it was given. */
  static Optional<NumberRange> single(OptionValues options, String name, long max) {
    return options
        .get(name)
        .map(
            given -> {
              long number = options.number(given, given.value(), 0, max);
              return new NumberRange(number, number, given.inverted());
            });
  }

  boolean matches(long number) {
    return (number >= first && number <= last) != inverted;
  }

  void print(OptionPrinter out, String option) {
    print(out, option, ":");
  }

  void print(OptionPrinter out, String option, String separator) {
    out.option(inverted, option, first == last ? Long.toString(first) : first + separator + last);
  }

  /** Prints the option, but not for all numbers: iptables-save forgets even {@code !} then. */
  void printUnlessAll(OptionPrinter out, String option, long max) {
    if (first != 0 || last != max) {
      print(out, option);
    }
  }
}
