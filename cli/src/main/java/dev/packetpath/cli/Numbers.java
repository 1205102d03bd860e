package dev.packetpath.cli;

import java.util.function.Function;
import picocli.CommandLine.TypeConversionException;

/** Reads the numbers of options. */
final class Numbers {
  private Numbers() {}

  static int intOf(String text) {
    return read(text, Integer::valueOf, "a whole number of at most " + Integer.MAX_VALUE);
  }

  static long longOf(String text) {
    return read(text, Long::valueOf, "a whole number of at most 63 bits");
  }

  static double doubleOf(String text) {
    double number = read(text, Double::valueOf, "a number");
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw error(text, "a number");
    }
    return number;
  }

  private static <T> T read(String text, Function<String, T> parse, String expected) {
    try {
      return parse.apply(text);
    } catch (NumberFormatException e) {
      throw error(text, expected);
    }
  }

  private static TypeConversionException error(String text, String expected) {
    return new TypeConversionException("found \"" + text + "\", expected " + expected);
  }
}
