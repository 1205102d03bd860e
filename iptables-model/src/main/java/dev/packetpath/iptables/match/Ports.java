package dev.packetpath.iptables.match;

import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.ServiceNames;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionValues;

/** Ports as text: a number, or one of the service names that people write by hand. */
public final class Ports {
  private Ports() {}

  /**
   * Returns the port that a word of an option holds; services are known by name over any protocol.
   */
  public static int read(OptionValues options, OptionValues.Given given, String text) {
    return readNamed(options, given, text, ServiceNames.find(text));
  }

  /** Returns the same, where services are known by name over one protocol. */
  public static int read(
      OptionValues options, OptionValues.Given given, String text, int protocol) {
    return readNamed(options, given, text, ServiceNames.find(text, protocol));
  }

  /**
   * Returns the port that getaddrinfo finds: a service over any protocol, or the lower 16 bits of a
   * decimal number of 32 bits with its sign (iptables 1.8.9, xtoptions.c, xtables_getportbyname).
   */
  public static int resolve(OptionValues options, OptionValues.Given given, String text) {
    int named = ServiceNames.find(text);
    if (named != ServiceNames.UNKNOWN) {
      return named;
    }
    long number = text.isEmpty() ? 0 : Numbers.parseDecimal(text);
    if (number < 0 || (int) number < 0) {
      throw bad(options, given, text);
    }
    return (int) number & 0xffff;
  }

  private static int readNamed(
      OptionValues options, OptionValues.Given given, String text, int named) {
    long port = named == ServiceNames.UNKNOWN ? Numbers.parse(text) : named;
    if (port < 0 || port > 0xffff) {
      throw bad(options, given, text);
    }
    return (int) port;
  }

  private static SyntaxException bad(OptionValues options, OptionValues.Given given, String text) {
    return options.error(given, "\"" + text + "\"", "a port 0 to 65535");
  }
}
