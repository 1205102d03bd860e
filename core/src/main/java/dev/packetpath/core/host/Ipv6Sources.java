package dev.packetpath.core.host;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Chooses the source address of IPv6 packets (RFC 6724 section 5, with the kernel's own labels;
 * net/ipv6/addrconf.c, ipv6_dev_get_saddr, and addrlabel.c, Linux 6.18). Home addresses and the
 * preference for temporary ones ({@code use_tempaddr}) are left out.
 */
final class Ipv6Sources {
  private static final int LINK = 2;
  private static final int SITE = 5;
  private static final int GLOBAL = 14;

  /** Ranks addresses whose scope does not reach the destination behind all others. */
  private static final int OUT_OF_REACH = 128;

  private static final int DEFAULT_LABEL = 1;
  private static final IpPrefix SITE_LOCAL = IpPrefix.parse("fec0::/10");
  private static final IpPrefix ORCHID = IpPrefix.parse("2001:10::/28");

  /** The longest prefixes first. */
  private static final ImmutableMap<IpPrefix, Integer> LABELS =
      ImmutableMap.<IpPrefix, Integer>builder()
          .put(IpPrefix.parse("::1/128"), 0)
          .put(IpPrefix.parse("::/96"), 3)
          .put(IpPrefix.parse("::ffff:0.0.0.0/96"), 4)
          .put(IpPrefix.parse("2001::/32"), 6)
          .put(ORCHID, 7)
          .put(IpPrefix.parse("2002::/16"), 2)
          .put(IpPrefix.parse("3ffe::/16"), 12)
          .put(SITE_LOCAL, 11)
          .put(IpPrefix.parse("fc00::/7"), 5)
          .buildOrThrow();

  private Ipv6Sources() {}

  /**
   * Returns the best source of a packet, the unspecified address if there is none. Of equally good
   * ones it is the first.
   *
   * @param addresses the addresses of all devices
   * @param out the device that the packet leaves by
   * @param destination where it goes
   */
  static IpAddress choose(List<DeviceAddress> addresses, Device out, IpAddress destination) {
    int scope = scope(destination);
    boolean ofDeviceAlone = destination.isMulticast() || scope <= LINK;
    Comparator<DeviceAddress> goodness = goodness(out, destination, scope);
    return addresses.stream()
        .filter(each -> each.local().family() == IpFamily.IPV6)
        .filter(each -> !ofDeviceAlone || each.device().equals(out))
        .reduce((best, next) -> goodness.compare(next, best) > 0 ? next : best)
        .map(DeviceAddress::local)
        .orElse(IpAddress.ANY_V6);
  }

  private static Comparator<DeviceAddress> goodness(Device out, IpAddress destination, int scope) {
    int label = label(destination);
    return Comparator.comparing((DeviceAddress each) -> each.local().equals(destination))
        .thenComparing(each -> reach(scope(each.local()), scope))
        .thenComparing(each -> !each.deprecated() || isSpecial(each.local()))
        .thenComparing(each -> each.device().equals(out))
        .thenComparing(each -> label(each.local()) == label)
        .thenComparing(each -> !each.secondary())
        .thenComparing(each -> ORCHID.contains(each.local()) == ORCHID.contains(destination))
        .thenComparing(each -> commonBits(each, destination));
  }

  /** The smallest scope that reaches the destination is best, else the largest. */
  private static int reach(int scope, int needed) {
    return scope >= needed ? -scope : scope - OUT_OF_REACH;
  }

  private static int commonBits(DeviceAddress address, IpAddress destination) {
    long high = address.local().high() ^ destination.high();
    long low = address.local().low() ^ destination.low();
    int same =
        high != 0 ? Long.numberOfLeadingZeros(high) : Long.SIZE + Long.numberOfLeadingZeros(low);
    return Math.min(same, address.onLink().length());
  }

  private static int scope(IpAddress address) {
    if (address.isMulticast()) {
      return (int) (address.high() >>> 48 & 0xf);
    }
    if (address.isLinkLocal() || address.isLoopback()) {
      return LINK;
    }
    return SITE_LOCAL.contains(address) ? SITE : GLOBAL;
  }

  /** Loopback addresses and those that hold an IPv4 address are good even when deprecated. */
  private static boolean isSpecial(IpAddress address) {
    int label = label(address);
    return label == 0 || label == 3 || label == 4;
  }

  private static int label(IpAddress address) {
    return LABELS.entrySet().stream()
        .filter(each -> each.getKey().contains(address))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(DEFAULT_LABEL);
  }
}
