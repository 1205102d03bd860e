package dev.packetpath.cli.ipvs;

import dev.packetpath.core.net.IpAddress;

/**
 * An address and port as scenarios write them: {@code 10.0.0.1:80} or {@code [fd00::1]:80}.
 *
 * @param address the address
 * @param port the port, 0 to 65535
 */
record SocketAddress(IpAddress address, int port) {
  /**
   * Returns what a text says.
   *
   * @throws IllegalArgumentException if it is no address and port
   */
  static SocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("expected address:port");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("port out of range 0..65535: " + port);
    }
    return new SocketAddress(IpAddress.parse(host), port);
  }

  @Override
  public String toString() {
    return address.withPort(port);
  }
}
