package dev.packetpath.iptables.match;

import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code value[/mask]} of a number for which the system has a name for 0, and no other.
 *
 * @param value 32 unsigned bits
 * @param mask the bits that count
 * @param inverted whether the sense is reversed
 */
public record NamedBits(int value, int mask, boolean inverted) {
  private static final long MAX = 0xffff_ffffL;

  static NamedBits read(OptionValues options, OptionValues.Given given, String zero) {
    String text = given.value();
    if (text.equals(zero)) {
      return new NamedBits(0, -1, given.inverted());
    }
    int slash = text.indexOf('/');
    return new NamedBits(
        (int) options.number(given, slash < 0 ? text : text.substring(0, slash), 0, MAX),
        slash < 0 ? -1 : (int) options.number(given, text.substring(slash + 1), 0, MAX),
        given.inverted());
  }

  void print(OptionPrinter out, String option, String zero) {
    String text = value == 0 ? zero : Numbers.hex(value);
    out.option(inverted, option, mask == -1 ? text : Numbers.hex(value) + "/" + Numbers.hex(mask));
  }
}
