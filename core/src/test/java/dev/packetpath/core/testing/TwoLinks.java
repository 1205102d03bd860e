package dev.packetpath.core.testing;

import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;

/**
 * The network of a router for tests: eth0 with 10.0.1.1/24 and fd00:1::1/64, eth1 with 10.0.2.1/24
 * and fd00:2::1/64.
 */
public final class TwoLinks {
  /** The first link. */
  public static final Device ETH0 = Device.ethernet("eth0", 2);

  /** The second link. */
  public static final Device ETH1 = Device.ethernet("eth1", 3);

  private TwoLinks() {}

  /** Returns the network, for a test to add to. */
  public static ConfiguredNetwork.Builder network() {
    return ConfiguredNetwork.builder()
        .device(Device.lo())
        .device(ETH0)
        .device(ETH1)
        .addressWithRoutes(DeviceAddress.of(Device.lo(), "127.0.0.1/8"))
        .addressWithRoutes(DeviceAddress.of(ETH0, "10.0.1.1/24"))
        .addressWithRoutes(DeviceAddress.of(ETH1, "10.0.2.1/24"))
        .addressWithRoutes(DeviceAddress.of(ETH0, "fd00:1::1/64"))
        .addressWithRoutes(DeviceAddress.of(ETH1, "fd00:2::1/64"));
  }
}
