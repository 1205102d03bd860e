package dev.packetpath.core.host;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpPrefix;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The routes that all packets to an address take, found in all tables at once.
 *
 * <p>Hot: {@link #to}, which does not allocate. Immutable.
 */
final class CommonRoutes {
  /** Where packets to each address may differ. */
  static final CommonRoutes NONE = new CommonRoutes(trie(Map.of(), Route.NONE));

  private final PrefixTrie<Route> routes;

  private CommonRoutes(PrefixTrie<Route> routes) {
    this.routes = routes;
  }

  private static PrefixTrie<Route> trie(Map<IpPrefix, Route> routes, Route outside) {
    return new PrefixTrie<>(routes, outside, (own, around) -> own);
  }

  /**
   * Returns the routes of packets that ask some tables in this order.
   *
   * @param noRoute the answer if no table has one
   */
  static CommonRoutes of(ImmutableList<RoutingTable> inOrder, Route noRoute) {
    Map<IpPrefix, Route> routes = new HashMap<>();
    for (RoutingTable table : inOrder) {
      for (IpPrefix prefix : table.prefixes()) {
        routes.computeIfAbsent(prefix, each -> ofPrefix(each, inOrder, noRoute));
      }
    }
    return new CommonRoutes(trie(routes, noRoute));
  }

  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  private static Route ofPrefix(
      IpPrefix prefix, ImmutableList<RoutingTable> inOrder, Route noRoute) {
    for (RoutingTable table : inOrder) {
      Optional<Route> route = table.common(prefix);
      if (route.isEmpty()) {
        return Route.NONE;
      }
      if (route.get() != Route.NONE) {
        return route.get();
      }
    }
    return noRoute;
  }

  /**
   * Returns the route of all packets to an address given as two longs, {@link Route#NONE} if their
   * routes may differ.
   */
  Route to(long high, long low) {
    return routes.find(high, low);
  }
}
