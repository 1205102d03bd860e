package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.host.AddressType;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import java.io.IOException;
import java.io.Reader;
import java.util.Locale;
import java.util.function.Function;

/**
 * Reads {@code ip -j route}, with or without {@code show table all} (iproute2 6.1). Of several next
 * hops the first that is alive is taken.
 */
final class RoutesJson {
  private final Function<String, Device> devices;
  private final RoutingTables tables;
  private final IpFamily family;

  private RoutesJson(Function<String, Device> devices, RoutingTables tables, IpFamily family) {
    this.devices = devices;
    this.tables = tables;
    this.family = family;
  }

  /**
   * Returns the routes.
   *
   * @param family whose {@code default} it is where nothing else tells
   * @param tables numbers the tables
   * @param devices finds a device by name
   */
  static ImmutableList<RouteEntry> read(
      String file,
      Reader text,
      IpFamily family,
      RoutingTables tables,
      Function<String, Device> devices)
      throws IOException {
    RoutesJson routes = new RoutesJson(devices, tables, family);
    ImmutableList.Builder<RouteEntry> entries = ImmutableList.builder();
    for (JsonValue.Fields route : JsonText.objects(JsonText.read(file, text))) {
      routes.read(route, entries);
    }
    return entries.build();
  }

  private void read(JsonValue.Fields route, ImmutableList.Builder<RouteEntry> entries) {
    refuse(route, "from", "a route for some sources alone");
    AddressType type = type(route);
    IpFamily routeFamily = family(route);
    JsonValue.Fields hop = nextHop(route);
    if (isDead(hop)) {
      return;
    }
    refuse(hop, "encap", "a route into a tunnel");
    RouteEntry.Builder entry =
        RouteEntry.builder(prefix(route, routeFamily))
            .table(tables.number(route, "table", RouteEntry.MAIN_TABLE))
            .type(type)
            .metric((int) route.number("metric", 0, 0xffff_ffffL, 0))
            .tos(RoutingTables.typeOfService(route))
            .mtu(mtu(route));
    if (hop.has("dev")) {
      entry.device(device(hop));
    }
    if (hop.has("gateway")) {
      entry.gateway(JsonFields.parse(hop, "gateway", IpAddress::parse));
    }
    if (route.has("prefsrc")) {
      entry.source(JsonFields.parse(route, "prefsrc", IpAddress::parse));
    }
    entries.add(entry.build());
  }

  private static void refuse(JsonValue.Fields fields, String name, String what) {
    fields
        .get(name)
        .ifPresent(
            value -> {
              throw value.error(what, "a route without \"" + name + "\"");
            });
  }

  /** The largest packet that the route allows, in bytes, 0 if it does not say. */
  private static int mtu(JsonValue.Fields route) {
    return route.objects("metrics").stream()
        .mapToInt(metrics -> (int) metrics.number("mtu", 0, 0xffff, 0))
        .max()
        .orElse(0);
  }

  private static AddressType type(JsonValue.Fields route) {
    String type = route.text("type", "unicast");
    try {
      return AddressType.valueOf(type.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw route
          .get("type")
          .orElse(route)
          .error("route type \"" + type + "\"", "unicast, local, …");
    }
  }

  private IpFamily family(JsonValue.Fields route) {
    String destination = route.text("dst");
    if (!destination.equals("default")) {
      return destination.indexOf(':') >= 0 ? IpFamily.IPV6 : IpFamily.IPV4;
    }
    String gateway = nextHop(route).text("gateway", "");
    if (!gateway.isEmpty()) {
      return gateway.indexOf(':') >= 0 ? IpFamily.IPV6 : IpFamily.IPV4;
    }
    return route.has("pref") ? IpFamily.IPV6 : family;
  }

  private static IpPrefix prefix(JsonValue.Fields route, IpFamily family) {
    return route.text("dst").equals("default")
        ? IpPrefix.of(IpAddress.any(family), 0)
        : JsonFields.parse(route, "dst", IpPrefix::parse);
  }

  private static JsonValue.Fields nextHop(JsonValue.Fields route) {
    ImmutableList<JsonValue.Fields> hops = route.objects("nexthops");
    return hops.stream().filter(hop -> !isDead(hop)).findFirst().orElse(route);
  }

  private static boolean isDead(JsonValue.Fields hop) {
    return hop.get("flags").orElse(hop) instanceof JsonValue.Array flags
        && flags.values().stream()
            .anyMatch(flag -> flag instanceof JsonValue.Scalar text && text.text().equals("dead"));
  }

  private Device device(JsonValue.Fields hop) {
    String name = hop.text("dev");
    Device device = devices.apply(name);
    if (!device.exists()) {
      throw hop.get("dev")
          .orElse(hop)
          .error("device \"" + name + "\"", "a device of addresses.json");
    }
    return device;
  }
}
