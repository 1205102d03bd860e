package dev.packetpath.iptables.match;

import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.Direction;

/** One end of one tuple of a connection, as {@code -m conntrack} names it. */
public enum TupleSide {
  /** The source of the first packet. */
  ORIGINAL_SOURCE("--ctorigsrc"),
  /** The destination of the first packet, before NAT. */
  ORIGINAL_DESTINATION("--ctorigdst"),
  /** The source of answers: the destination after NAT. */
  REPLY_SOURCE("--ctreplsrc"),
  /** The destination of answers: the source after NAT. */
  REPLY_DESTINATION("--ctrepldst");

  private final String option;

  TupleSide(String option) {
    this.option = option;
  }

  /** Returns the option that asks for the address. */
  String addressOption() {
    return option;
  }

  /** Returns the option that asks for the port. */
  String portOption() {
    return option + "port";
  }

  private Direction direction() {
    return this == ORIGINAL_SOURCE || this == ORIGINAL_DESTINATION
        ? Direction.ORIGINAL
        : Direction.REPLY;
  }

  private boolean isSource() {
    return this == ORIGINAL_SOURCE || this == REPLY_SOURCE;
  }

  long high(Connection connection) {
    return isSource()
        ? connection.sourceHigh(direction())
        : connection.destinationHigh(direction());
  }

  long low(Connection connection) {
    return isSource() ? connection.sourceLow(direction()) : connection.destinationLow(direction());
  }

  int port(Connection connection) {
    return isSource()
        ? connection.sourcePort(direction())
        : connection.destinationPort(direction());
  }
}
