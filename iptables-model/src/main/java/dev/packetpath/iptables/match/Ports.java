package dev.packetpath.iptables.match;

import dev.packetpath.iptables.ServiceNames;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionValues;

/** Ports as text: a number, or one of the service names that people write by hand. */
public final class Ports {
  private Ports() {}

  /** Returns the port that a word of an option holds. */
  public static int read(OptionValues options, OptionValues.Given given, String text) {
    int named = ServiceNames.find(text);
    long port = named == ServiceNames.UNKNOWN ? Numbers.parse(text) : named;
    if (port < 0 || port > 0xffff) {
      throw options.error(given, "\"" + text + "\"", "a port 0 to 65535");
    }
    return (int) port;
  }
}
