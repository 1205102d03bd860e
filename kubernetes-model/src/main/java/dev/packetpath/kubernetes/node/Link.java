package dev.packetpath.kubernetes.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;

/**
 * A network device of the node.
 *
 * @param index its number, from 1
 * @param name its name
 * @param addresses its addresses
 */
record Link(int index, String name, ImmutableList<Address> addresses) {
  static final String LOOPBACK = "lo";
  static final String UPLINK = "eth0";
  static final String BRIDGE = "cni0";

  /**
   * An address of a device.
   *
   * @param local the address
   * @param prefixLength how many of its bits are those of its network
   */
  record Address(IpAddress local, int prefixLength) {}

  boolean isLoopback() {
    return name.equals(LOOPBACK);
  }
}
