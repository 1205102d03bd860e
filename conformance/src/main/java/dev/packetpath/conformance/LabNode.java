package dev.packetpath.conformance;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.host.AddressType;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.host.Sysctls;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.MacAddress;

/** The node that every kernel vector runs on: two Ethernet devices between two silent peers. */
public final class LabNode {
  /** The kernel settings of the node. */
  public static final Sysctls SYSCTLS =
      new Sysctls(
          ImmutableMap.<String, String>builder()
              .put("net.ipv4.ip_forward", "1")
              .put("net.ipv4.icmp_ratelimit", "0")
              .put("net.ipv6.conf.all.forwarding", "1")
              .put("net.ipv6.icmp.ratelimit", "0")
              .put("net.netfilter.nf_conntrack_acct", "1")
              .put("net.netfilter.nf_conntrack_checksum", "1")
              .put("net.netfilter.nf_conntrack_tcp_loose", "1")
              .buildOrThrow());

  /** Whose frames arrive on a device. */
  static final ImmutableMap<String, MacAddress> PEERS =
      ImmutableMap.of(
          "eth0", MacAddress.parse("02:00:00:00:01:02"),
          "eth1", MacAddress.parse("02:00:00:00:02:02"));

  /** The devices, addresses and routes of the node. */
  public static final Network NETWORK = network();

  private LabNode() {}

  private static Network network() {
    Device lo = Device.lo();
    Device eth0 = new Device("eth0", 2, 1500, false, MacAddress.parse("02:00:00:00:01:01"));
    Device eth1 = new Device("eth1", 3, 1500, false, MacAddress.parse("02:00:00:00:02:01"));
    return ConfiguredNetwork.builder()
        .device(lo)
        .device(eth0)
        .device(eth1)
        .addressWithRoutes(DeviceAddress.of(lo, "127.0.0.1/8"))
        .addressWithRoutes(DeviceAddress.of(lo, "::1/128"))
        .addressWithRoutes(DeviceAddress.of(eth0, "10.0.1.1/24"))
        .addressWithRoutes(DeviceAddress.of(eth0, "fd00:1::1/64"))
        .addressWithRoutes(DeviceAddress.of(eth1, "10.0.2.1/24"))
        .addressWithRoutes(DeviceAddress.of(eth1, "fd00:2::1/64"))
        .route(RouteEntry.local(IpPrefix.parse("fd00:1::/128"), AddressType.ANYCAST, eth0))
        .route(RouteEntry.local(IpPrefix.parse("fd00:2::/128"), AddressType.ANYCAST, eth1))
        .route(via("10.1.0.0/16", eth0, "10.0.1.2"))
        .route(via("10.2.0.0/16", eth1, "10.0.2.2"))
        .route(via("0.0.0.0/0", eth1, "10.0.2.2"))
        .route(via("fd01::/16", eth0, "fd00:1::2"))
        .route(via("fd02::/16", eth1, "fd00:2::2"))
        .route(via("::/0", eth1, "fd00:2::2"))
        .build();
  }

  private static RouteEntry via(String prefix, Device device, String gateway) {
    return RouteEntry.unicast(IpPrefix.parse(prefix), device, IpAddress.parse(gateway));
  }
}
