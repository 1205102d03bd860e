package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Routing decisions as ip-route(8) and ip-rule(8) tell them, by a search through all lines: what
 * {@link ConfiguredNetwork} is held to. The rules look into tables.
 */
final class PlainRoutes {
  private static final Comparator<RouteEntry> BEST_FIRST =
      Comparator.comparing((RouteEntry entry) -> -entry.prefix().length())
          .thenComparing(entry -> -entry.tos())
          .thenComparing(RouteEntry::metric, Integer::compareUnsigned);

  private final List<RouteEntry> entries;
  private final List<RoutingRule> rules;

  PlainRoutes(List<RouteEntry> entries, List<RoutingRule> rules) {
    this.entries = entries;
    this.rules = rules.stream().sorted(Comparator.comparingLong(RoutingRule::priority)).toList();
  }

  Route route(RouteQuery query) {
    for (RoutingRule rule : rules) {
      Optional<RouteEntry> entry =
          rule.selects(query) ? best(query, rule.table()) : Optional.empty();
      if (entry.isPresent() && entry.get().type() != AddressType.THROW) {
        return RouteWay.of(entry.get(), Device.lo()).route();
      }
    }
    return Route.failing(AddressType.UNSPEC, Errno.ENETUNREACH);
  }

  private Optional<RouteEntry> best(RouteQuery query, long table) {
    List<RouteEntry> fitting =
        entries.stream()
            .filter(entry -> entry.table() == table)
            .filter(entry -> entry.prefix().contains(query.destination()))
            .filter(entry -> entry.tos() == 0 || entry.tos() == (query.tos() & 0x1c))
            .sorted(BEST_FIRST)
            .toList();
    if (query.destination().family() == IpFamily.IPV4 || fitting.isEmpty()) {
      return fitting.stream().findFirst();
    }
    RouteEntry best = fitting.get(0);
    return fitting.stream()
        .filter(entry -> entry.prefix().equals(best.prefix()) && entry.metric() == best.metric())
        .filter(entry -> query.in().exists() && entry.device().equals(query.in()))
        .findFirst()
        .or(() -> Optional.of(best));
  }

  /** Returns the type of the first line of the local table for an address, UNICAST for none. */
  AddressType localType(IpAddress address) {
    return entries.stream()
        .filter(entry -> entry.table() == RouteEntry.LOCAL_TABLE)
        .filter(entry -> entry.prefix().contains(address))
        .min(BEST_FIRST)
        .map(RouteEntry::type)
        .orElse(AddressType.UNICAST);
  }
}
