package dev.packetpath.kubernetes.network;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;

/**
 * A network device of the node.
 *
 * @param index its number, from 1
 * @param name its name
 * @param addresses its addresses
 */
public record Link(int index, String name, ImmutableList<Address> addresses) {
  /** The device that leads to the node itself. */
  static final String LOOPBACK = "lo";

  /** The device that leads to other nodes. */
  public static final String UPLINK = "eth0";

  /** The device that leads to the node's Pods. */
  public static final String BRIDGE = "cni0";

  /**
   * An address of a device.
   *
   * @param local the address
   * @param prefixLength how many of its bits are those of its network
   */
  public record Address(IpAddress local, int prefixLength) {}

  boolean isLoopback() {
    return name.equals(LOOPBACK);
  }
}
