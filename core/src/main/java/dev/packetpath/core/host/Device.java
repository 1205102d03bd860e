package dev.packetpath.core.host;

import dev.packetpath.core.net.MacAddress;

/**
 * A network device.
 *
 * @param name its name, at most {@link #MAX_NAME_LENGTH} characters
 * @param index its interface index, from 1
 * @param mtu the largest IP packet it sends, in bytes
 * @param loopback whether what it sends comes back in by it
 * @param mac its Ethernet address
 */
public record Device(String name, int index, int mtu, boolean loopback, MacAddress mac) {
  /** The most characters that a name has: the kernel's IFNAMSIZ, less the zero behind the name. */
  public static final int MAX_NAME_LENGTH = 15;

  /** No device: its name is empty, as a hook without that device compares it. */
  public static final Device NONE = new Device("", 0, 65536, false, new MacAddress(0));

  /** Returns an Ethernet device with an MTU of 1500. */
  public static Device ethernet(String name, int index) {
    return new Device(name, index, 1500, false, new MacAddress(0x02_00_00_00_00_00L + index));
  }

  /** Returns the loopback device, index 1. */
  public static Device lo() {
    return new Device("lo", 1, 65536, true, new MacAddress(0));
  }

  /** Returns whether this is a device. */
  public boolean exists() {
    return index != 0;
  }

  @Override
  public String toString() {
    return exists() ? name : "-";
  }
}
