package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One routing table of one family: the longest prefix wins, then the type of service, then the
 * lowest metric.
 *
 * <p>Hot: {@link #find} and {@link #findNear}. It takes one hash probe for each distinct prefix
 * length and does not allocate.
 */
final class RoutingTable {
  private static final Comparator<RouteWay> BEST_FIRST =
      Comparator.comparing((RouteWay way) -> -way.entry().tos())
          .thenComparing(way -> way.entry().metric(), Integer::compareUnsigned);

  /** A table without a line. */
  static final RoutingTable EMPTY = new RoutingTable(IpFamily.IPV4, List.of(), Device.NONE);

  /** The prefixes of each length, the longest first. */
  private final PrefixWays[] byLength;

  /** Whether IPv6 ways differ in nothing but where they lead; IPv4 has no such ways. */
  private final boolean hasEqualWays;

  /**
   * Creates a table.
   *
   * @param loopback the device that routes to local addresses lead to
   */
  RoutingTable(IpFamily family, Collection<RouteEntry> entries, Device loopback) {
    NavigableMap<Integer, Map<IpAddress, List<RouteWay>>> sorted =
        new TreeMap<>(Comparator.reverseOrder());
    for (RouteEntry entry : entries) {
      sorted
          .computeIfAbsent(entry.prefix().length(), length -> new HashMap<>())
          .computeIfAbsent(entry.prefix().address(), address -> new ArrayList<>())
          .add(RouteWay.of(entry, loopback));
    }
    this.hasEqualWays =
        family == IpFamily.IPV6
            && entries.stream()
                    .map(entry -> Map.entry(entry.prefix(), entry.metric()))
                    .distinct()
                    .count()
                < entries.size();
    this.byLength =
        sorted.entrySet().stream()
            .map(
                prefixes -> {
                  prefixes.getValue().values().forEach(ways -> ways.sort(BEST_FIRST));
                  int length = prefixes.getKey();
                  return new PrefixWays(
                      IpPrefix.maskHigh(family, length),
                      IpPrefix.maskLow(family, length),
                      prefixes.getValue());
                })
            .toArray(PrefixWays[]::new);
  }

  /**
   * Returns the best way to an address given as two longs, {@link RouteWay#NONE} for none.
   *
   * @param tos the packet's type-of-service byte
   * @param out the device that it must leave by, {@link Device#NONE} for any
   */
  RouteWay find(long high, long low, int tos, Device out) {
    for (PrefixWays prefixes : byLength) {
      for (RouteWay way : prefixes.of(high, low)) {
        if (way.fits(tos, out)) {
          return way;
        }
      }
    }
    return RouteWay.NONE;
  }

  /**
   * Returns the best way of a packet that came in by a device, {@link Device#NONE} for one of this
   * host: of equal IPv6 ways that which leads back there (net/ipv6/route.c, rt6_score_route).
   */
  RouteWay findNear(long high, long low, int tos, Device in, Device out) {
    RouteWay best = find(high, low, tos, out);
    if (!hasEqualWays || !in.exists() || best.entry().device().equals(in)) {
      return best;
    }
    for (PrefixWays prefixes : byLength) {
      for (RouteWay way : prefixes.of(high, low)) {
        if (way.fits(tos, out) && way.entry().device().equals(in) && isAsGood(way, best)) {
          return way;
        }
      }
    }
    return best;
  }

  private static boolean isAsGood(RouteWay way, RouteWay best) {
    return way.entry().metric() == best.entry().metric()
        && way.entry().prefix().equals(best.entry().prefix());
  }

  /**
   * Returns the first way to an address, whatever type of service it is for, {@link RouteWay#NONE}
   * for none.
   */
  RouteWay first(long high, long low) {
    for (PrefixWays prefixes : byLength) {
      RouteWay[] ways = prefixes.of(high, low);
      if (ways.length > 0) {
        return ways[0];
      }
    }
    return RouteWay.NONE;
  }
}
