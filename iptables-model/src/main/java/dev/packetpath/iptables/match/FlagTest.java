package dev.packetpath.iptables.match;

import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.OptionValues;

/** Whether a yes-or-no property is asked for, and with which answer. */
public enum FlagTest {
  /** Not asked for. */
  NOT_ASKED,
  /** It must hold. */
  SET,
  /** It must not hold. */
  UNSET;

  static FlagTest read(OptionValues options, String name) {
    if (!options.has(name)) {
      return NOT_ASKED;
    }
    return options.inverted(name) ? UNSET : SET;
  }

  void print(OptionPrinter out, String option) {
    if (this != NOT_ASKED) {
      out.option(this == UNSET, option);
    }
  }

  boolean matches(boolean value) {
    return this == NOT_ASKED || (this == SET) == value;
  }
}
