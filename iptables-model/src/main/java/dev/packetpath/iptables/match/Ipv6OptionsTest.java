package dev.packetpath.iptables.match;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.List;
import java.util.Optional;

/**
 * What {@code -m hbh} and {@code -m dst} ask of a header with options.
 *
 * @param length the length of the header, if asked for
 * @param options the options that must be there in this order
 */
public record Ipv6OptionsTest(Optional<NumberRange> length, ImmutableList<Option> options) {
  private static final int MAX_OPTIONS = 16;
  private static final long MAX = 0xffff_ffffL;
  private static final int PAD1 = 0;

  /** The length by which the kernel knows that any will do. */
  private static final int KEPT_AS_ANY = 255;

  /**
   * One option.
   *
   * @param type its type, 0 to 255
   * @param length its length, {@link #ANY_LENGTH} for any
   */
  public record Option(int type, int length) {
    /** Any length. */
    public static final int ANY_LENGTH = -1;

    @Override
    public String toString() {
      return length == ANY_LENGTH ? Integer.toString(type) : type + ":" + length;
    }
  }

  /** Adds the options that start with {@code prefix}. */
  static <T> ExtensionSyntax.Builder<T> syntax(ExtensionSyntax.Builder<T> syntax, String prefix) {
    return syntax
        .option(OptionSpec.value(prefix + "-len").orInverted())
        .option(OptionSpec.value(prefix + "-opts"));
  }

  static Ipv6OptionsTest read(OptionValues values, String prefix) {
    return new Ipv6OptionsTest(
        NumberRange.single(values, prefix + "-len", MAX),
        values.get(prefix + "-opts").map(given -> list(values, given)).orElse(ImmutableList.of()));
  }

  private static ImmutableList<Option> list(OptionValues values, OptionValues.Given given) {
    ImmutableList.Builder<Option> options = ImmutableList.builder();
    List<String> parts = Splitter.on(',').splitToList(given.value());
    if (parts.size() > MAX_OPTIONS) {
      throw values.error(given, parts.size() + " options", "at most " + MAX_OPTIONS);
    }
    for (int i = 0; i < parts.size(); i++) {
      options.add(option(values, given, parts.get(i), i == MAX_OPTIONS - 1));
    }
    return options.build();
  }

  private static Option option(
      OptionValues values, OptionValues.Given given, String text, boolean isSixteenth) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return new Option(lowByte(values, given, text), Option.ANY_LENGTH);
    }
    int type = lowByte(values, given, text.substring(0, colon));
    int length = lowByte(values, given, text.substring(colon + 1));
    if (type == PAD1 || isSixteenth) {
      throw values.error(
          given,
          "\"" + text + "\"",
          "no length for " + (isSixteenth ? "the sixteenth option" : "option 0, which has none"));
    }
    return new Option(type, length == KEPT_AS_ANY ? Option.ANY_LENGTH : length);
  }

  /** The real tool keeps the low byte of whatever number it reads. */
  private static int lowByte(OptionValues values, OptionValues.Given given, String text) {
    return (int) values.number(given, text, 0, MAX) & 0xff;
  }

  void print(OptionPrinter out, String prefix) {
    length.ifPresent(range -> range.print(out, prefix + "-len"));
    if (!options.isEmpty()) {
      out.option(prefix + "-opts", Joiner.on(',').join(options));
    }
  }
}
