package dev.packetpath.iptables.target;

import dev.packetpath.iptables.syntax.OptionValues;

/** The prefixes of log lines as text. */
final class Prefixes {
  private Prefixes() {}

  /** Reads a prefix, cut as the real tool cuts it; "" if not given. */
  static String read(OptionValues options, String option, int maxChars) {
    if (!options.has(option)) {
      return "";
    }
    OptionValues.Given given = options.require(option);
    String text = given.value();
    if (text.isEmpty()) {
      throw options.error(given, "\"\"", "at least one character");
    }
    return text.length() > maxChars ? text.substring(0, maxChars) : text;
  }
}
