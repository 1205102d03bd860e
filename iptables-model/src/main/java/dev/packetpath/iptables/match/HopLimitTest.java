package dev.packetpath.iptables.match;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * A comparison with the time to live or the hop limit.
 *
 * @param comparison how it is compared
 * @param value with what, 0 to 255
 */
public record HopLimitTest(Comparison comparison, int value) {
  /** How it is compared. */
  public enum Comparison {
    /** Equal. */
    EQUAL("eq"),
    /** Not equal. */
    NOT_EQUAL("eq"),
    /** Lower. */
    LESS("lt"),
    /** Higher. */
    GREATER("gt");

    private final String suffix;

    Comparison(String suffix) {
      this.suffix = suffix;
    }
  }

  /** Checks that the value is a byte. */
  public HopLimitTest {
    checkArgument((value & ~0xff) == 0, "a hop limit 0 to 255, found %s", value);
  }

  /** Adds the options that start with {@code prefix}. */
  static <T> ExtensionSyntax.Builder<T> options(ExtensionSyntax.Builder<T> syntax, String prefix) {
    return syntax
        .option(OptionSpec.value(prefix + "-eq", prefix).orInverted())
        .option(OptionSpec.value(prefix + "-lt"))
        .option(OptionSpec.value(prefix + "-gt"));
  }

  static HopLimitTest read(OptionValues options, String prefix) {
    OptionValues.Given given = options.exactlyOne(prefix + "-eq", prefix + "-lt", prefix + "-gt");
    Comparison comparison = Comparison.LESS;
    if (given.option().name().endsWith("-eq")) {
      comparison = given.inverted() ? Comparison.NOT_EQUAL : Comparison.EQUAL;
    } else if (given.option().name().endsWith("-gt")) {
      comparison = Comparison.GREATER;
    }
    return new HopLimitTest(comparison, (int) options.number(given, given.value(), 0, 255));
  }

  void print(OptionPrinter out, String prefix) {
    out.option(
        comparison == Comparison.NOT_EQUAL,
        prefix + "-" + comparison.suffix,
        Integer.toString(value));
  }

  boolean matches(int hopLimit) {
    return switch (comparison) {
      case EQUAL -> hopLimit == value;
      case NOT_EQUAL -> hopLimit != value;
      case LESS -> hopLimit < value;
      case GREATER -> hopLimit > value;
    };
  }
}
