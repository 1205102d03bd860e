package dev.packetpath.cli.calibrate;

import com.google.common.collect.ImmutableList;

/**
 * Connections of a client behind a node to servers behind it, and what is measured of them: the
 * time of each connect().
 *
 * @param name what it is called
 * @param ruleset what iptables-restore is given on the node; empty for nothing
 * @param to where they go, in the order in which they are made
 */
record ConnectionCase(String name, String ruleset, ImmutableList<Destination> to) {
  /** The addresses of all Pods. */
  static final String PODS = "10.128.0.0/9";

  /** The client's address, which no server has. */
  static final String CLIENT = "10.255.255.254";

  /**
   * Where a connection goes.
   *
   * @param address the address
   * @param port the port
   */
  record Destination(String address, int port) {}
}
