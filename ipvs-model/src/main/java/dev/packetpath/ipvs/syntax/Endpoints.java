package dev.packetpath.ipvs.syntax;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.ServiceNames;
import java.util.regex.Pattern;

/** Addresses with ports in ipvsadm's form. */
final class Endpoints {
  /** The text had no port. */
  static final int NO_PORT = -1;

  private static final Pattern OCTAL = Pattern.compile("^0[0-9]+\\.|\\.0[0-9]");

  /**
   * An address and its port.
   *
   * @param address the address
   * @param port the port, {@link #NO_PORT} if there is none
   */
  record Endpoint(IpAddress address, int port) {}

  private Endpoints() {}

  /**
   * Reads {@code 10.0.0.1:80}, {@code 10.0.0.1:http}, {@code [fd00::1]:80} or an address alone,
   * without brackets. Names of hosts and addresses that are not four decimal numbers, which the
   * tool takes, too, are not read.
   *
   * @param protocol whose ports are named
   * @throws IllegalArgumentException if the text is neither
   */
  static Endpoint parse(String text, int protocol) {
    String host = text;
    int port = NO_PORT;
    int bracket = text.indexOf(']');
    int colon = text.lastIndexOf(':');
    boolean bracketed = text.startsWith("[") && bracket > 0;
    if (bracketed) {
      host = text.substring(1, bracket);
      port = port(text.substring(bracket + 1), protocol);
    } else if (colon >= 0 && colon == text.indexOf(':')) {
      host = text.substring(0, colon);
      port = port(text.substring(colon), protocol);
    }
    if (OCTAL.matcher(host).find()) {
      throw new IllegalArgumentException("an octal number: \"" + host + "\"");
    }
    return new Endpoint(IpAddress.parse(host), port);
  }

  private static int port(String behindAddress, int protocol) {
    String written = behindAddress.isEmpty() ? "" : behindAddress.substring(1);
    boolean isNumber = written.length() <= 5 && written.matches("[0-9]+");
    int port = isNumber ? Integer.parseInt(written) : ServiceNames.find(written, protocol);
    if (!behindAddress.startsWith(":") || port == ServiceNames.UNKNOWN || port > 0xffff) {
      throw new IllegalArgumentException(
          "not a port from 0 to 65535 or a known name of one: \"" + written + "\"");
    }
    return port;
  }
}
