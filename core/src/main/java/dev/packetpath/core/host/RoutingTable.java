package dev.packetpath.core.host;

import com.google.common.collect.ImmutableList;
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
 * lowest metric. A look-up takes one hash probe for each distinct prefix length.
 */
final class RoutingTable {
  private final IpFamily family;
  private final NavigableMap<Integer, Map<IpAddress, List<RouteEntry>>> byLength =
      new TreeMap<>(Comparator.reverseOrder());

  RoutingTable(IpFamily family, Collection<RouteEntry> entries) {
    this.family = family;
    for (RouteEntry entry : entries) {
      byLength
          .computeIfAbsent(entry.prefix().length(), length -> new HashMap<>())
          .computeIfAbsent(entry.prefix().address(), address -> new ArrayList<>())
          .add(entry);
    }
    Comparator<RouteEntry> order =
        Comparator.comparing((RouteEntry entry) -> -entry.tos())
            .thenComparing(RouteEntry::metric, Integer::compareUnsigned);
    byLength.values().forEach(prefixes -> prefixes.values().forEach(list -> list.sort(order)));
  }

  /** Returns the entries for an address, the best first. */
  ImmutableList<RouteEntry> matches(IpAddress address) {
    ImmutableList.Builder<RouteEntry> matches = ImmutableList.builder();
    byLength.forEach(
        (length, prefixes) ->
            matches.addAll(prefixes.getOrDefault(mask(address, length), List.of())));
    return matches.build();
  }

  private IpAddress mask(IpAddress address, int length) {
    return new IpAddress(
        family,
        address.high() & IpPrefix.maskHigh(family, length),
        address.low() & IpPrefix.maskLow(family, length));
  }
}
