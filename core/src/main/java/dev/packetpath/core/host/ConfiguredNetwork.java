package dev.packetpath.core.host;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network whose devices, addresses, rules and routes are all known.
 *
 * <p>Source: net/ipv4/fib_rules.c, fib_trie.c, devinet.c and net/ipv6/ip6_fib.c, Linux 6.1. Of a
 * multipath route the first next hop is taken. Immutable, so it may be shared between threads.
 */
public final class ConfiguredNetwork implements Network {
  private final ImmutableMap<String, Device> devices;
  private final ImmutableList<DeviceAddress> addresses;
  private final Map<IpFamily, ImmutableList<RoutingRule>> rules = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, Map<Integer, RoutingTable>> tables = new EnumMap<>(IpFamily.class);

  private ConfiguredNetwork(Builder builder) {
    ImmutableMap.Builder<String, Device> byName = ImmutableMap.builder();
    builder.devices.forEach(device -> byName.put(device.name(), device));
    this.devices = byName.buildKeepingLast();
    this.addresses = ImmutableList.copyOf(builder.addresses);
    for (IpFamily family : IpFamily.values()) {
      List<RoutingRule> ofFamily = builder.rules.get(family);
      rules.put(
          family,
          ofFamily == null
              ? RoutingRule.defaults(family)
              : ImmutableList.sortedCopyOf(
                  Comparator.comparingLong(RoutingRule::priority), ofFamily));
      Map<Integer, List<RouteEntry>> byTable = new HashMap<>();
      builder.routes.stream()
          .filter(route -> route.prefix().family() == family)
          .forEach(
              route -> byTable.computeIfAbsent(route.table(), t -> new ArrayList<>()).add(route));
      Map<Integer, RoutingTable> compiled = new HashMap<>();
      byTable.forEach((table, entries) -> compiled.put(table, new RoutingTable(family, entries)));
      tables.put(family, compiled);
    }
  }

  /** Returns a builder of a network with the loopback device and its addresses alone. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public ImmutableList<Device> devices() {
    return devices.values().asList();
  }

  @Override
  public Device device(String name) {
    return devices.getOrDefault(name, Device.NONE);
  }

  /** Returns the addresses of all devices, in the order given. */
  public ImmutableList<DeviceAddress> addresses() {
    return addresses;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  public Route route(RouteQuery query) {
    ImmutableList<RoutingRule> ofFamily = rulesOf(query.destination().family());
    int i = 0;
    while (i < ofFamily.size()) {
      RoutingRule rule = ofFamily.get(i++);
      if (!rule.selects(query)) {
        continue;
      }
      switch (rule.action()) {
        case BLACKHOLE -> {
          return Route.failing(AddressType.BLACKHOLE, Errno.EINVAL);
        }
        case UNREACHABLE -> {
          return Route.failing(AddressType.UNREACHABLE, Errno.ENETUNREACH);
        }
        case PROHIBIT -> {
          return Route.failing(AddressType.PROHIBIT, Errno.EACCES);
        }
        case NOP -> {}
        case GOTO -> {
          while (i < ofFamily.size() && ofFamily.get(i).priority() < rule.table()) {
            i++;
          }
        }
        case LOOKUP -> {
          Route route = lookUp((int) rule.table(), query, rule.suppressPrefixLength());
          if (route != Route.NONE) {
            return route;
          }
        }
      }
    }
    return Route.failing(AddressType.UNSPEC, Errno.ENETUNREACH);
  }

  private Route lookUp(int table, RouteQuery query, int suppressPrefixLength) {
    for (RouteEntry entry : entries(table, query.destination())) {
      if (entry.tos() != 0 && entry.tos() != (query.tos() & 0x1c)) {
        continue;
      }
      if (query.out().exists() && entry.device().exists() && !entry.device().equals(query.out())) {
        continue;
      }
      if (entry.prefix().length() <= suppressPrefixLength) {
        return Route.NONE;
      }
      return switch (entry.type()) {
        case THROW -> Route.NONE;
        case BLACKHOLE -> Route.failing(AddressType.BLACKHOLE, Errno.EINVAL);
        case UNREACHABLE -> Route.failing(AddressType.UNREACHABLE, Errno.EHOSTUNREACH);
        case PROHIBIT -> Route.failing(AddressType.PROHIBIT, Errno.EACCES);
        case LOCAL, ANYCAST ->
            new Route(entry.type(), loopback(), entry.gateway(), entry.source(), Errno.OK);
        default ->
            new Route(entry.type(), entry.device(), entry.gateway(), entry.source(), Errno.OK);
      };
    }
    return Route.NONE;
  }

  private Device loopback() {
    return device("lo");
  }

  private ImmutableList<RoutingRule> rulesOf(IpFamily family) {
    return rules.getOrDefault(family, ImmutableList.of());
  }

  private ImmutableList<RouteEntry> entries(int table, IpAddress address) {
    RoutingTable routes = tables.getOrDefault(address.family(), Map.of()).get(table);
    return routes == null ? ImmutableList.of() : routes.matches(address);
  }

  @Override
  public AddressType addressType(IpAddress address, Device device) {
    if (address.family() == IpFamily.IPV4 && (address.isAny() || address.isLimitedBroadcast())) {
      return AddressType.BROADCAST;
    }
    if (address.isMulticast()) {
      return AddressType.MULTICAST;
    }
    for (RouteEntry entry : entries(RouteEntry.LOCAL_TABLE, address)) {
      return !device.exists() || entry.device().equals(device) ? entry.type() : AddressType.UNICAST;
    }
    return AddressType.UNICAST;
  }

  @Override
  public IpAddress selectSource(Device out, IpAddress nextHop) {
    if (nextHop.family() == IpFamily.IPV6
        && addressType(nextHop, Device.NONE) == AddressType.LOCAL) {
      return nextHop; // RFC 6724 rule 1; IPv4 has no such rule
    }
    IpAddress first = IpAddress.any(nextHop.family());
    for (DeviceAddress candidate : addresses) {
      if (candidate.local().family() != nextHop.family()
          || candidate.secondary()
          || candidate.scope() != DeviceAddress.GLOBAL) {
        continue;
      }
      if (candidate.device().equals(out)) {
        if (candidate.onLink().contains(nextHop)) {
          return candidate.local();
        }
        first = first.isAny() ? candidate.local() : first;
      }
    }
    return first.isAny() ? firstOfAnyDevice(nextHop.family()) : first;
  }

  private IpAddress firstOfAnyDevice(IpFamily family) {
    return addresses.stream()
        .filter(
            a ->
                a.local().family() == family && !a.secondary() && a.scope() == DeviceAddress.GLOBAL)
        .map(DeviceAddress::local)
        .findFirst()
        .orElse(IpAddress.any(family));
  }

  @Override
  public IpAddress primaryAddress(Device device, IpFamily family) {
    return addresses.stream()
        .filter(a -> a.device().equals(device) && a.local().family() == family)
        .filter(a -> family == IpFamily.IPV4 || a.scope() != DeviceAddress.LINK)
        .map(DeviceAddress::local)
        .findFirst()
        .orElse(IpAddress.any(family));
  }

  /** Builds a {@link ConfiguredNetwork}. Not safe for use by several threads. */
  public static final class Builder {
    private final List<Device> devices = new ArrayList<>();
    private final List<DeviceAddress> addresses = new ArrayList<>();
    private final List<RouteEntry> routes = new ArrayList<>();
    private final Map<IpFamily, List<RoutingRule>> rules = new EnumMap<>(IpFamily.class);

    private Builder() {}

    /** Adds a device; one of the same name is replaced. */
    @CanIgnoreReturnValue
    public Builder device(Device device) {
      devices.add(device);
      return this;
    }

    /** Adds an address alone, without the routes that the kernel makes for it. */
    @CanIgnoreReturnValue
    public Builder address(DeviceAddress address) {
      addresses.add(address);
      return this;
    }

    /**
     * Adds an address with all routes that the kernel makes for it: those of the local table and,
     * for a subnet, the route to its link (net/ipv4/fib_frontend.c, fib_add_ifaddr).
     */
    @CanIgnoreReturnValue
    public Builder addressWithRoutes(DeviceAddress address) {
      addressWithLocalRoutes(address);
      IpPrefix onLink = address.onLink();
      if (!address.device().loopback()
          && onLink.length() < onLink.family().bits()
          && !address.secondary()) {
        route(RouteEntry.unicast(onLink, address.device(), IpAddress.any(onLink.family())));
      }
      return this;
    }

    /** Adds an address with the routes that the kernel makes for it in the local table. */
    @CanIgnoreReturnValue
    public Builder addressWithLocalRoutes(DeviceAddress address) {
      address(address);
      Device device = address.device();
      IpPrefix onLink = address.onLink();
      boolean v4 = onLink.family() == IpFamily.IPV4;
      IpAddress source = v4 ? address.local() : IpAddress.ANY_V6;
      IpPrefix host = IpPrefix.host(address.local());
      route(RouteEntry.local(host, AddressType.LOCAL, device).from(source));
      if (v4 && device.loopback()) {
        route(RouteEntry.local(onLink, AddressType.LOCAL, device).from(source));
      }
      if (v4 && onLink.length() < 31) {
        long hostBits = ~IpPrefix.maskLow(IpFamily.IPV4, onLink.length()) & 0xffff_ffffL;
        IpAddress last = IpAddress.ipv4((int) (onLink.address().low() | hostBits));
        route(RouteEntry.local(IpPrefix.host(last), AddressType.BROADCAST, device).from(source));
      }
      return this;
    }

    /** Adds a route. */
    @CanIgnoreReturnValue
    public Builder route(RouteEntry route) {
      routes.add(route);
      return this;
    }

    /** Adds a rule; the first rule of a family replaces that family's default rules. */
    @CanIgnoreReturnValue
    public Builder rule(IpFamily family, RoutingRule rule) {
      rules.computeIfAbsent(family, f -> new ArrayList<>()).add(rule);
      return this;
    }

    /** Returns the network. */
    public ConfiguredNetwork build() {
      return new ConfiguredNetwork(this);
    }
  }
}
