package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.syntax.OptionValues;

/** Prefix lengths, as a number or as a mask (iptables 1.8.9, xtoptions.c, xtopt_parse_plenmask). */
final class PrefixText {
  private PrefixText() {}

  /** Returns the bits of a mask, 0 to {@code max} if written as a number. */
  static int read(OptionValues options, OptionValues.Given given, int max) {
    String text = given.value();
    if (text.indexOf('.') < 0 && text.indexOf(':') < 0) {
      return (int) options.number(given, text, 0, max);
    }
    IpAddress mask = options.host(given, text);
    int length = new AddressMask(IpAddress.any(options.family()), mask).prefixLength();
    if (length < 0) {
      throw options.error(given, "\"" + text + "\"", "a mask of one row of bits");
    }
    return length;
  }
}
