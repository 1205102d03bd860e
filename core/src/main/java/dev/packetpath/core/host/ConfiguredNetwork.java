package dev.packetpath.core.host;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.packet.Packet;
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
  private static final Route NO_ROUTE = Route.failing(AddressType.UNSPEC, Errno.ENETUNREACH);
  private final ImmutableMap<String, Device> devices;
  private final ImmutableList<DeviceAddress> addresses;
  private final Map<IpFamily, ImmutableList<RoutingRule>> rules = new EnumMap<>(IpFamily.class);
  private final Map<IpFamily, Map<Integer, RoutingTable>> tables = new EnumMap<>(IpFamily.class);

  private final CommonRoutes commonIpv4;
  private final CommonRoutes commonIpv6;
  private final RoutingTable localIpv4;
  private final RoutingTable localIpv6;
  private final boolean ownRules;

  private final OwnAddresses ownAddresses;

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
      byTable.forEach(
          (table, entries) -> compiled.put(table, new RoutingTable(family, entries, loopback())));
      tables.put(family, compiled);
    }
    this.ownRules =
        !rulesOf(IpFamily.IPV4).equals(RoutingRule.defaults(IpFamily.IPV4))
            || builder.routes.stream().anyMatch(this::isOwnLocalRoute);
    this.commonIpv4 = commonRoutes(IpFamily.IPV4);
    this.commonIpv6 = commonRoutes(IpFamily.IPV6);
    this.localIpv4 = table(IpFamily.IPV4, RouteEntry.LOCAL_TABLE);
    this.localIpv6 = table(IpFamily.IPV6, RouteEntry.LOCAL_TABLE);
    this.ownAddresses = OwnAddresses.of(addresses);
  }

  private CommonRoutes commonRoutes(IpFamily family) {
    ImmutableList<RoutingRule> ofFamily = rulesOf(family);
    return ofFamily.stream().allMatch(RoutingRule::isForEveryPacket)
        ? CommonRoutes.of(
            ofFamily.stream().map(rule -> table(family, rule.table())).collect(toImmutableList()),
            NO_ROUTE)
        : CommonRoutes.NONE;
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
          i = target(ofFamily, i, rule.table());
        }
        case LOOKUP -> {
          Route route =
              lookUp(
                  table(query.destination().family(), rule.table()),
                  query,
                  rule.suppressPrefixLength());
          if (route != Route.NONE) {
            return route;
          }
        }
      }
    }
    return NO_ROUTE;
  }

  /** Returns where the rule of a priority is, or where to go on if there is none. */
  private static int target(List<RoutingRule> rules, int next, long priority) {
    int target = next;
    while (target < rules.size() && rules.get(target).priority() < priority) {
      target++;
    }
    return target < rules.size() && rules.get(target).priority() == priority ? target : next;
  }

  private Route lookUp(RoutingTable table, RouteQuery query, int suppressPrefixLength) {
    IpAddress to = query.destination();
    RouteWay way = table.findNear(to.high(), to.low(), query.tos(), query.in(), query.out());
    return way.entry().prefix().length() <= suppressPrefixLength ? Route.NONE : way.route();
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  public Route route(Packet packet, Device in) {
    Route common = common(packet).to(packet.destinationHigh(), packet.destinationLow());
    return common == Route.NONE ? route(RouteQuery.of(packet, in)) : common;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // NONE is a sentinel
  public Route routeBack(Packet packet, Device out, int mark) {
    Route common = common(packet).to(packet.sourceHigh(), packet.sourceLow());
    return common == Route.NONE ? route(RouteQuery.back(packet, out, mark)) : common;
  }

  private CommonRoutes common(Packet packet) {
    return packet.family() == IpFamily.IPV4 ? commonIpv4 : commonIpv6;
  }

  @Override
  public boolean hasOwnRules() {
    return ownRules;
  }

  @Override
  public boolean isOfDevice(IpAddress address) {
    return addresses.stream().anyMatch(each -> each.local().equals(address));
  }

  @Override
  public boolean isFromOwnAddress(Packet packet) {
    return ownAddresses.mayHave(packet.sourceLow()) && Network.super.isFromOwnAddress(packet);
  }

  /** The kernel makes local routes for addresses and, on loopback, for their subnet. */
  private boolean isOwnLocalRoute(RouteEntry route) {
    return route.type() == AddressType.LOCAL
        && route.prefix().family() == IpFamily.IPV4
        && addresses.stream()
            .noneMatch(
                each ->
                    route.prefix().equals(IpPrefix.host(each.local()))
                        || (each.device().loopback() && route.prefix().equals(each.onLink())));
  }

  private Device loopback() {
    return device("lo");
  }

  private ImmutableList<RoutingRule> rulesOf(IpFamily family) {
    return rules.getOrDefault(family, ImmutableList.of());
  }

  private RoutingTable table(IpFamily family, long number) {
    return tables.getOrDefault(family, Map.of()).getOrDefault((int) number, RoutingTable.EMPTY);
  }

  private RoutingTable localTable(IpFamily family) {
    return family == IpFamily.IPV4 ? localIpv4 : localIpv6;
  }

  @Override
  public AddressType addressType(IpAddress address, Device device) {
    if (address.family() == IpFamily.IPV4 && (address.isAny() || address.isLimitedBroadcast())) {
      return AddressType.BROADCAST;
    }
    if (address.isMulticast()) {
      return AddressType.MULTICAST;
    }
    RouteEntry entry = localTable(address.family()).first(address.high(), address.low()).entry();
    return !device.exists() || entry.device().equals(device) ? entry.type() : AddressType.UNICAST;
  }

  @Override
  public AddressType sourceType(Packet packet) {
    long high = packet.sourceHigh();
    long low = packet.sourceLow();
    return IpAddress.isOrdinary(packet.family(), high, low)
        ? localTable(packet.family()).first(high, low).entry().type()
        : addressType(packet.source(), Device.NONE);
  }

  @Override
  public IpAddress selectSource(Device out, IpAddress nextHop) {
    if (nextHop.family() == IpFamily.IPV6) {
      return Ipv6Sources.choose(addresses, out, nextHop);
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
      route(localRoute(host, AddressType.LOCAL, device, source));
      if (v4 && device.loopback()) {
        route(localRoute(onLink, AddressType.LOCAL, device, source));
      }
      if (v4 && onLink.length() < 31) {
        long hostBits = ~IpPrefix.maskLow(IpFamily.IPV4, onLink.length()) & 0xffff_ffffL;
        IpAddress last = IpAddress.ipv4((int) (onLink.address().low() | hostBits));
        route(localRoute(IpPrefix.host(last), AddressType.BROADCAST, device, source));
      }
      return this;
    }

    private static RouteEntry localRoute(
        IpPrefix prefix, AddressType type, Device device, IpAddress source) {
      return RouteEntry.builder(prefix)
          .table(RouteEntry.LOCAL_TABLE)
          .type(type)
          .device(device)
          .source(source)
          .build();
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
