package dev.packetpath.iptables.target;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.packetpath.core.net.IpFamily;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code -j REJECT} answers, in the order in which the real tool looks a name up.
 *
 * <p>Source: iptables 1.8.9, libipt_REJECT.c and libip6t_REJECT.c; include/uapi/linux/icmp.h and
 * icmpv6.h, Linux 6.1.
 */
public enum RejectType {
  /** ICMP network unreachable. */
  NET_UNREACHABLE("icmp-net-unreachable", "net-unreach", 0, IpFamily.IPV4),
  /** ICMP host unreachable. */
  HOST_UNREACHABLE("icmp-host-unreachable", "host-unreach", 1, IpFamily.IPV4),
  /** ICMP protocol unreachable. */
  PROTO_UNREACHABLE("icmp-proto-unreachable", "proto-unreach", 2, IpFamily.IPV4),
  /** ICMP port unreachable, the default of IPv4. */
  PORT_UNREACHABLE("icmp-port-unreachable", "port-unreach", 3, IpFamily.IPV4),
  /** ICMP network prohibited. */
  NET_PROHIBITED("icmp-net-prohibited", "net-prohib", 9, IpFamily.IPV4),
  /** ICMP host prohibited. */
  HOST_PROHIBITED("icmp-host-prohibited", "host-prohib", 10, IpFamily.IPV4),
  /** ICMPv6 no route. */
  V6_NO_ROUTE("icmp6-no-route", "no-route", 0, IpFamily.IPV6),
  /** ICMPv6 administratively prohibited. */
  V6_ADM_PROHIBITED("icmp6-adm-prohibited", "adm-prohibited", 1, IpFamily.IPV6),
  /** ICMPv6 address unreachable. */
  V6_ADDR_UNREACHABLE("icmp6-addr-unreachable", "addr-unreach", 3, IpFamily.IPV6),
  /** ICMPv6 port unreachable, the default of IPv6. */
  V6_PORT_UNREACHABLE("icmp6-port-unreachable", "port-unreach", 4, IpFamily.IPV6),
  /** A TCP RST. */
  TCP_RESET("tcp-reset", "tcp-rst", -1, IpFamily.IPV4, IpFamily.IPV6),
  /** ICMP administratively prohibited. */
  ADMIN_PROHIBITED("icmp-admin-prohibited", "admin-prohib", 13, IpFamily.IPV4),
  /** ICMPv6 source address failed policy. */
  V6_POLICY_FAIL("icmp6-policy-fail", "policy-fail", 5, IpFamily.IPV6),
  /** ICMPv6 reject route. */
  V6_REJECT_ROUTE("icmp6-reject-route", "reject-route", 6, IpFamily.IPV6);

  private final String text;
  private final String alias;
  private final int code;
  private final ImmutableSet<IpFamily> families;

  RejectType(String text, String alias, int code, IpFamily... families) {
    this.text = text;
    this.alias = alias;
    this.code = code;
    this.families = Sets.immutableEnumSet(Arrays.asList(families));
  }

  /** Returns the type that a family's rules answer with if they name none. */
  public static RejectType defaultOf(IpFamily family) {
    return family == IpFamily.IPV4 ? PORT_UNREACHABLE : V6_PORT_UNREACHABLE;
  }

  /** Returns the types that a family's rules can name. */
  public static ImmutableList<RejectType> of(IpFamily family) {
    return Arrays.stream(values())
        .filter(type -> type.families.contains(family))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the first type of a family whose name or other name begins so, in any case. */
  static Optional<RejectType> startingWith(String prefix, IpFamily family) {
    String lower = prefix.toLowerCase(Locale.ROOT);
    return of(family).stream()
        .filter(type -> type.text.startsWith(lower) || type.alias(family).startsWith(lower))
        .findFirst();
  }

  private String alias(IpFamily family) {
    return this == TCP_RESET && family == IpFamily.IPV6 ? text : alias;
  }

  /** Returns the name behind {@code --reject-with}. */
  public String text() {
    return text;
  }

  /** Returns the code of the ICMP or ICMPv6 error, -1 if it is none. */
  int code() {
    return code;
  }
}
