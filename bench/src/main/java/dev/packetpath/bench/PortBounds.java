package dev.packetpath.bench;

/**
 * What a rule asks of a port.
 *
 * @param low the lowest port
 * @param high the highest port
 * @param inverted whether the sense is reversed
 */
record PortBounds(int low, int high, boolean inverted) {
  /** Any port. */
  static final PortBounds ANY = new PortBounds(0, 0xffff, false);

  static PortBounds exactly(int port) {
    return new PortBounds(port, port, false);
  }

  boolean asksNothing() {
    return equals(ANY);
  }

  boolean hold(int port) {
    return (port >= low && port <= high) != inverted;
  }

  /** Returns the option as a rule has it, with a space before it; "" for any port. */
  String option(String name) {
    if (asksNothing()) {
      return "";
    }
    String ports = low == high ? Integer.toString(low) : low + ":" + high;
    return (inverted ? " ! " : " ") + name + " " + ports;
  }
}
