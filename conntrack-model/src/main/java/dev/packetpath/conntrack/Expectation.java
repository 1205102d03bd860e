package dev.packetpath.conntrack;

import dev.packetpath.core.net.IpAddress;

/**
 * A connection that another one announced, from any port ({@code struct nf_conntrack_expect},
 * include/net/netfilter/nf_conntrack_expect.h, Linux 6.1).
 *
 * @param source where it comes from
 * @param destination where it goes
 * @param destinationPort to which port
 * @param master the connection that announced it
 * @param direction the direction in which the announced one goes, as the master's directions are
 * @param port the port as it was announced, before NAT chose another
 */
public record Expectation(
    IpAddress source,
    IpAddress destination,
    int destinationPort,
    Connection master,
    Direction direction,
    int port) {
  /** No expectation. */
  static final Expectation NONE =
      new Expectation(
          IpAddress.ANY_V4, IpAddress.ANY_V4, 0, Connection.NONE, Direction.ORIGINAL, 0);

  boolean exists() {
    return master.exists();
  }

  /** Returns this expectation of another port. */
  public Expectation withDestinationPort(int other) {
    return new Expectation(source, destination, other, master, direction, port);
  }

  /** Returns whether a tuple is that of the connection waited for. */
  boolean isOf(Tuple tuple) {
    return tuple.protocol() == master.protocol()
        && tuple.destinationPort() == destinationPort
        && tuple.source().equals(source)
        && tuple.destination().equals(destination);
  }

  /** Returns whether both wait for the same. */
  boolean clashesWith(Expectation other) {
    return destinationPort == other.destinationPort
        && source.equals(other.source)
        && destination.equals(other.destination)
        && master.protocol() == other.master.protocol()
        && master.zone() == other.master.zone();
  }
}
