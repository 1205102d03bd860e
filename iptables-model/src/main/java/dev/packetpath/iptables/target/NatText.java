package dev.packetpath.iptables.target;

import dev.packetpath.conntrack.NatRange;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.match.Ports;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * Ranges of NAT as text: {@code address[-address][:port[-port[/base]]]}, IPv6 addresses in brackets
 * where ports follow.
 *
 * <p>Source: iptables 1.8.9, libxt_NAT.c.
 */
final class NatText {
  static final String RANDOM = "--random";
  static final String RANDOM_FULLY = "--random-fully";
  static final String PERSISTENT = "--persistent";

  private NatText() {}

  /** What a port behind the slash means. */
  enum Base {
    /** The port that maps to the first. */
    KEPT,
    /** It is read and then forgotten, which leaves 0: SNAT and MASQUERADE have no room for it. */
    LOST,
    /** It is refused. */
    REFUSED
  }

  /** Returns a builder that holds the flags that were given. */
  static NatRange.Builder flags(OptionValues options) {
    return NatRange.builder()
        .random(options.has(RANDOM))
        .randomFully(options.has(RANDOM_FULLY))
        .persistent(options.has(PERSISTENT));
  }

  /** Reads addresses, ports or both. */
  static void readRange(
      OptionValues options, OptionValues.Given given, NatRange.Builder range, Base base) {
    String text = given.value();
    String addresses = text;
    if (options.family() == IpFamily.IPV6 && text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0) {
        throw bad(options, given, text, "\"]\" behind the address");
      }
      addresses = text.substring(1, end);
      int colon = text.indexOf(':', end);
      if (colon >= 0) {
        readPorts(options, given, text.substring(colon + 1), range, base);
      }
    } else {
      int colon = text.indexOf(':');
      if (colon >= 0 && colon == text.lastIndexOf(':')) {
        addresses = isSkipped(text.substring(0, colon)) ? "" : text.substring(0, colon);
        readPorts(options, given, text.substring(colon + 1), range, base);
      }
    }
    if (!addresses.isEmpty()) {
      int dash = addresses.indexOf('-');
      IpAddress first = options.address(given, dash < 0 ? addresses : addresses.substring(0, dash));
      range.addresses(
          first, dash < 0 ? first : options.address(given, addresses.substring(dash + 1)));
    } else if (text.isEmpty()) {
      throw bad(options, given, text, "an address, ports or both");
    }
  }

  /**
   * Returns whether the tool takes what stands before the ports for the brackets of no address: any
   * two characters of which the first opens none (iptables 1.8.9).
   */
  private static boolean isSkipped(String addresses) {
    return addresses.length() == 2 && !addresses.startsWith("[");
  }

  /** Reads {@code port[-port[/base]]}. */
  static void readPorts(
      OptionValues options,
      OptionValues.Given given,
      String text,
      NatRange.Builder range,
      Base base) {
    checkProtocol(options, given, text);
    int slash = text.indexOf('/');
    String ports = slash < 0 ? text : text.substring(0, slash);
    boolean number = !ports.isEmpty() && Character.isDigit(ports.charAt(0));
    int dash = number ? ports.indexOf('-') : -1;
    if (slash >= 0 && (dash < 0 || base == Base.REFUSED)) {
      throw bad(
          options,
          given,
          text,
          base == Base.REFUSED ? "ports without \"/\"" : "a range of ports before \"/\"");
    }
    int first = Ports.read(options, given, dash < 0 ? ports : ports.substring(0, dash));
    int last = first;
    if (dash >= 0) {
      String end = ports.substring(dash + 1);
      last = (int) Numbers.parse(end);
      if (last < 0 || last > 0xffff) {
        throw bad(options, given, end, "a port 0 to 65535");
      }
    }
    if (last < first) {
      throw bad(options, given, text, "a range whose first port is not above its last");
    }
    range.ports(first, last);
    if (slash >= 0) {
      int port = Ports.read(options, given, text.substring(slash + 1));
      if (port == 0) {
        throw bad(options, given, text, "a port 1 to 65535 behind \"/\"");
      }
      range.basePort(base == Base.KEPT ? port : 0);
    }
  }

  /**
   * The real tool also lets ICMP pass here, does not ask whether {@code -p} is inverted, and does
   * not see one that comes behind the ports.
   */
  private static void checkProtocol(OptionValues options, OptionValues.Given given, String text) {
    switch (given.protocol()) {
      case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP, IpProtocol.DCCP, IpProtocol.ICMP -> {}
      default ->
          throw options.error(
              given,
              "ports \"" + text + "\" without a protocol",
              "-p tcp, udp, sctp or dccp before");
    }
  }

  private static SyntaxException bad(
      OptionValues options, OptionValues.Given given, String found, String expected) {
    return options.error(given, "\"" + found + "\"", expected);
  }

  /** Prints an option with addresses, ports or both. */
  static void printRange(OptionPrinter out, String option, NatRange range) {
    StringBuilder text = new StringBuilder();
    if (range.mapsAddress()) {
      boolean brackets = range.portsGiven() && range.minAddress().family() == IpFamily.IPV6;
      text.append(brackets ? "[" : "").append(range.minAddress());
      if (!range.minAddress().equals(range.maxAddress())) {
        text.append('-').append(range.maxAddress());
      }
      text.append(brackets ? "]" : "");
    }
    if (range.portsGiven()) {
      text.append(':').append(ports(range));
    }
    out.option(option, text.toString());
  }

  /** Returns {@code port[-port][/base]}. */
  static String ports(NatRange range) {
    String ports = Integer.toString(range.minPort());
    if (range.minPort() != range.maxPort()) {
      ports += "-" + range.maxPort();
    }
    return range.basePortGiven() ? ports + "/" + range.basePort() : ports;
  }

  /** Prints the flags that are set. */
  static void printFlags(OptionPrinter out, NatRange range) {
    if (range.random()) {
      out.word(RANDOM);
    }
    if (range.randomFully()) {
      out.word(RANDOM_FULLY);
    }
    if (range.persistent()) {
      out.word(PERSISTENT);
    }
  }
}
