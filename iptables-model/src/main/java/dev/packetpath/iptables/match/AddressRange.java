package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * A range of addresses.
 *
 * @param first the lowest
 * @param last the highest; below {@code first} no address matches
 * @param inverted whether the sense is reversed
 */
public record AddressRange(IpAddress first, IpAddress last, boolean inverted) {
  /** Reads {@code first[-last]}, where the option was given. */
  static Optional<AddressRange> read(OptionValues options, String name) {
    return options.get(name).map(given -> read(options, given));
  }

  private static AddressRange read(OptionValues options, OptionValues.Given given) {
    String text = given.value();
    int dash = text.indexOf('-');
    IpAddress first = options.completedAddress(given, dash < 0 ? text : text.substring(0, dash));
    IpAddress last = dash < 0 ? first : options.completedAddress(given, text.substring(dash + 1));
    return new AddressRange(first, last, given.inverted());
  }

  boolean matches(long high, long low) {
    boolean inside =
        compare(high, low, first.high(), first.low()) >= 0
            && compare(high, low, last.high(), last.low()) <= 0;
    return inside != inverted;
  }

  private static int compare(long high, long low, long otherHigh, long otherLow) {
    int byHigh = Long.compareUnsigned(high, otherHigh);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, otherLow);
  }

  void print(OptionPrinter out, String option) {
    out.option(inverted, option, first + "-" + last);
  }
}
