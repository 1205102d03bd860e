package dev.packetpath.iptables.match;

import dev.packetpath.iptables.MatchForm;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.function.ToIntBiFunction;

/**
 * A range of ports.
 *
 * @param first the lowest, 0 to 65535
 * @param last the highest, 0 to 65535; below {@code first} no port matches
 * @param inverted whether the sense is reversed
 */
public record PortRange(int first, int last, boolean inverted) {
  /** Every port. */
  public static final PortRange ANY = new PortRange(0, 0xffff, false);

  /**
   * Reads {@code port}, {@code first:last}, {@code :last} or {@code first:}, with services over a
   * protocol; {@link #ANY} if not given.
   */
  static PortRange read(OptionValues options, String name, int protocol) {
    PortRange range =
        read(options, name, (given, text) -> Ports.read(options, given, text, protocol));
    if (range.first > range.last) {
      OptionValues.Given given = options.require(name);
      throw options.error(
          given, "\"" + given.value() + "\"", "a range whose first port is not above its last");
    }
    return range;
  }

  /**
   * Reads the same with ports that getaddrinfo finds, and takes a range whose first port is above
   * its last.
   */
  static PortRange readUnordered(OptionValues options, String name) {
    return read(options, name, (given, text) -> Ports.resolve(options, given, text));
  }

  private static PortRange read(
      OptionValues options, String name, ToIntBiFunction<OptionValues.Given, String> reader) {
    if (!options.has(name)) {
      return ANY;
    }
    OptionValues.Given given = options.require(name);
    String text = given.value();
    int colon = text.indexOf(':');
    if (colon < 0) {
      int port = reader.applyAsInt(given, text);
      return new PortRange(port, port, given.inverted());
    }
    int first = colon == 0 ? 0 : reader.applyAsInt(given, text.substring(0, colon));
    int last =
        colon == text.length() - 1 ? 0xffff : reader.applyAsInt(given, text.substring(colon + 1));
    return new PortRange(first, last, given.inverted());
  }

  boolean matches(int port) {
    return (port >= first && port <= last) != inverted;
  }

  MatchForm.PortInterval interval() {
    return new MatchForm.PortInterval(first, last, inverted);
  }

  /** Prints the option, but not for all ports: iptables-save forgets even {@code !} before them. */
  void print(OptionPrinter out, String option) {
    if (first != 0 || last != 0xffff) {
      printAlways(out, option);
    }
  }

  void printAlways(OptionPrinter out, String option) {
    out.option(inverted, option, first == last ? Integer.toString(first) : first + ":" + last);
  }
}
