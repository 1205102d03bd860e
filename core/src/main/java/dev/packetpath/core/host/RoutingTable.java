package dev.packetpath.core.host;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import com.google.common.collect.ObjectArrays;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One routing table of one family: the longest prefix wins, then the type of service, then the
 * lowest metric.
 *
 * <p>Hot: {@link #first}, which does not allocate, nor do {@link #find} and {@link #findNear}.
 */
final class RoutingTable {
  private static final Comparator<RouteWay> BEST_FIRST =
      Comparator.comparing((RouteWay way) -> -way.entry().tos())
          .thenComparing(way -> way.entry().metric(), Integer::compareUnsigned);

  private static final RouteWay[] NO_WAYS = {};

  /** A table without a line. */
  static final RoutingTable EMPTY = new RoutingTable(IpFamily.IPV4, List.of(), Device.NONE);

  private final ImmutableSet<IpPrefix> prefixes;

  /** For each prefix its ways and those of the prefixes around it, the best first. */
  private final PrefixTrie<RouteWay[]> ways;

  /** Whether IPv6 ways differ in nothing but where they lead; IPv4 has no such ways. */
  private final boolean hasEqualWays;

  /**
   * Creates a table.
   *
   * @param loopback the device that routes to local addresses lead to
   */
  RoutingTable(IpFamily family, Collection<RouteEntry> entries, Device loopback) {
    Map<IpPrefix, List<RouteWay>> byPrefix = new HashMap<>();
    for (RouteEntry entry : entries) {
      byPrefix
          .computeIfAbsent(entry.prefix(), prefix -> new ArrayList<>())
          .add(RouteWay.of(entry, loopback));
    }
    this.hasEqualWays =
        family == IpFamily.IPV6
            && entries.stream()
                    .map(entry -> Map.entry(entry.prefix(), entry.metric()))
                    .distinct()
                    .count()
                < entries.size();
    this.prefixes = ImmutableSet.copyOf(byPrefix.keySet());
    this.ways =
        new PrefixTrie<>(
            Maps.transformValues(byPrefix, RoutingTable::bestFirst),
            NO_WAYS,
            (own, around) -> ObjectArrays.concat(own, around, RouteWay.class));
  }

  private static RouteWay[] bestFirst(List<RouteWay> ways) {
    return ways.stream().sorted(BEST_FIRST).toArray(RouteWay[]::new);
  }

  /** Returns the prefixes that the table has lines for. */
  ImmutableSet<IpPrefix> prefixes() {
    return prefixes;
  }

  /**
   * Returns the best way to an address given as two longs, {@link RouteWay#NONE} for none.
   *
   * @param tos the packet's type-of-service byte
   * @param out the device that it must leave by, {@link Device#NONE} for any
   */
  RouteWay find(long high, long low, int tos, Device out) {
    for (RouteWay way : ways.find(high, low)) {
      if (way.fits(tos, out)) {
        return way;
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
    for (RouteWay way : ways.find(high, low)) {
      if (way.fits(tos, out) && way.entry().device().equals(in) && way.isAsGoodAs(best)) {
        return way;
      }
    }
    return best;
  }

  /**
   * Returns the route of all packets to addresses in a prefix for which there is no longer one:
   * {@link Route#NONE} to go on with the next policy rule, nothing if their routes may differ.
   */
  Optional<Route> common(IpPrefix prefix) {
    RouteWay[] candidates = ways.around(prefix);
    if (candidates.length == 0) {
      return Optional.of(Route.NONE);
    }
    RouteWay best = candidates[0];
    boolean differs =
        best.entry().tos() != 0
            || (hasEqualWays && candidates.length > 1 && candidates[1].isAsGoodAs(best));
    return differs ? Optional.empty() : Optional.of(best.route());
  }

  /**
   * Returns the first way to an address, whatever type of service it is for, {@link RouteWay#NONE}
   * for none.
   */
  RouteWay first(long high, long low) {
    RouteWay[] candidates = ways.find(high, low);
    return candidates.length == 0 ? RouteWay.NONE : candidates[0];
  }
}
