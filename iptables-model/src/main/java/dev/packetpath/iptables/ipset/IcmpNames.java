package dev.packetpath.iptables.ipset;

import com.google.common.collect.ImmutableBiMap;
import dev.packetpath.core.net.IpFamily;

/**
 * The names that ipset gives to ICMP types and codes.
 *
 * <p>Source: ipset 7.17, lib/icmp.c and lib/icmpv6.c.
 */
final class IcmpNames {
  /** No type and code of this name. */
  static final int UNKNOWN = -1;

  private static final ImmutableBiMap<String, Integer> ICMP =
      ImmutableBiMap.<String, Integer>builder()
          .put("echo-reply", code(0, 0))
          .put("network-unreachable", code(3, 0))
          .put("host-unreachable", code(3, 1))
          .put("protocol-unreachable", code(3, 2))
          .put("port-unreachable", code(3, 3))
          .put("fragmentation-needed", code(3, 4))
          .put("source-route-failed", code(3, 5))
          .put("network-unknown", code(3, 6))
          .put("host-unknown", code(3, 7))
          .put("network-prohibited", code(3, 9))
          .put("host-prohibited", code(3, 10))
          .put("TOS-network-unreachable", code(3, 11))
          .put("TOS-host-unreachable", code(3, 12))
          .put("communication-prohibited", code(3, 13))
          .put("host-precedence-violation", code(3, 14))
          .put("precedence-cutoff", code(3, 15))
          .put("source-quench", code(4, 0))
          .put("network-redirect", code(5, 0))
          .put("host-redirect", code(5, 1))
          .put("TOS-network-redirect", code(5, 2))
          .put("TOS-host-redirect", code(5, 3))
          .put("echo-request", code(8, 0))
          .put("router-advertisement", code(9, 0))
          .put("router-solicitation", code(10, 0))
          .put("ttl-zero-during-transit", code(11, 0))
          .put("ttl-zero-during-reassembly", code(11, 1))
          .put("ip-header-bad", code(12, 0))
          .put("required-option-missing", code(12, 1))
          .put("timestamp-request", code(13, 0))
          .put("timestamp-reply", code(14, 0))
          .put("address-mask-request", code(17, 0))
          .put("address-mask-reply", code(18, 0))
          .buildOrThrow();

  private static final ImmutableBiMap<String, Integer> ICMPV6 =
      ImmutableBiMap.<String, Integer>builder()
          .put("no-route", code(1, 0))
          .put("communication-prohibited", code(1, 1))
          .put("address-unreachable", code(1, 3))
          .put("port-unreachable", code(1, 4))
          .put("packet-too-big", code(2, 0))
          .put("ttl-zero-during-transit", code(3, 0))
          .put("ttl-zero-during-reassembly", code(3, 1))
          .put("bad-header", code(4, 0))
          .put("unknown-header-type", code(4, 1))
          .put("unknown-option", code(4, 2))
          .put("echo-request", code(128, 0))
          .put("echo-reply", code(129, 0))
          .put("router-solicitation", code(133, 0))
          .put("router-advertisement", code(134, 0))
          .put("neighbour-solicitation", code(135, 0))
          .put("neighbour-advertisement", code(136, 0))
          .put("redirect", code(137, 0))
          .buildOrThrow();

  private IcmpNames() {}

  private static int code(int type, int code) {
    return type << 8 | code;
  }

  private static ImmutableBiMap<String, Integer> names(IpFamily family) {
    return family == IpFamily.IPV4 ? ICMP : ICMPV6;
  }

  /** Returns type and code in 8 bits each, or {@link #UNKNOWN}. */
  static int find(IpFamily family, String name) {
    String known =
        switch (name) {
          case "ping" -> "echo-request";
          case "pong" -> "echo-reply";
          case "neigbour-solicitation" -> "neighbour-solicitation";
          case "neigbour-advertisement" -> "neighbour-advertisement";
          default -> name;
        };
    return names(family).getOrDefault(known, UNKNOWN);
  }

  /** Returns the name, or {@code type/code}. */
  static String print(IpFamily family, int typeAndCode) {
    return names(family)
        .inverse()
        .getOrDefault(typeAndCode, (typeAndCode >>> 8) + "/" + (typeAndCode & 0xff));
  }
}
