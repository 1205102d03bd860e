package dev.packetpath.ipvs.syntax;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;

/** Addresses with ports in ipvsadm's form. */
final class Endpoints {
  /** The text had no port. */
  static final int NO_PORT = -1;

  /**
   * An address and its port.
   *
   * @param address the address
   * @param port the port, {@link #NO_PORT} if there is none
   */
  record Endpoint(IpAddress address, int port) {}

  private Endpoints() {}

  /**
   * Reads {@code 10.0.0.1:80}, {@code [fd00::1]:80} or an address alone.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  static Endpoint parse(String text) {
    String host = text;
    int port = NO_PORT;
    int bracket = text.indexOf(']');
    int colon = text.lastIndexOf(':');
    boolean bracketed = text.startsWith("[") && bracket > 0;
    if (bracketed) {
      host = text.substring(1, bracket);
      port = bracket == text.length() - 1 ? NO_PORT : port(text.substring(bracket + 1));
    } else if (colon >= 0 && colon == text.indexOf(':')) {
      host = text.substring(0, colon);
      port = port(text.substring(colon));
    }
    return new Endpoint(IpAddress.parse(host), port);
  }

  private static int port(String behindAddress) {
    String digits = behindAddress.substring(1);
    boolean isNumber =
        behindAddress.startsWith(":") && digits.length() <= 5 && digits.matches("[0-9]+");
    int port = isNumber ? Integer.parseInt(digits) : NO_PORT;
    if (!isNumber || port > 0xffff) {
      throw new IllegalArgumentException("not a port from 0 to 65535: \"" + digits + "\"");
    }
    return port;
  }

  static String print(IpAddress address, int port) {
    return (address.family() == IpFamily.IPV4 ? address.toString() : "[" + address + "]")
        + ":"
        + port;
  }
}
