package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;

/** Addresses that no one has on the public Internet: RFC 1918, 6598, 3927, 4193 and 4291. */
final class PrivateAddresses {
  private static final ImmutableList<IpPrefix> PREFIXES =
      ImmutableList.of(
          IpPrefix.parse("10.0.0.0/8"),
          IpPrefix.parse("172.16.0.0/12"),
          IpPrefix.parse("192.168.0.0/16"),
          IpPrefix.parse("100.64.0.0/10"),
          IpPrefix.parse("169.254.0.0/16"),
          IpPrefix.parse("fc00::/7"),
          IpPrefix.parse("fe80::/10"));

  private PrivateAddresses() {}

  static boolean contains(IpAddress address) {
    return PREFIXES.stream().anyMatch(prefix -> prefix.contains(address));
  }
}
