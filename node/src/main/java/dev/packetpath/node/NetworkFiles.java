package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.RouteEntry;
import dev.packetpath.core.host.RoutingRule;
import dev.packetpath.core.net.IpFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a network of addresses.json, routes.json and rules.json and their IPv6 twins. What the
 * files leave out is what the kernel makes by itself: without routes, those of the addresses; with
 * {@code ip route}'s main table alone, the local table of the addresses.
 */
final class NetworkFiles {
  private final SnapshotFiles files;
  private final Map<String, Device> devices = new HashMap<>();
  private final RoutingTables tables = new RoutingTables();

  private NetworkFiles(SnapshotFiles files) {
    this.files = files;
  }

  static ConfiguredNetwork read(SnapshotFiles files) throws IOException {
    return new NetworkFiles(files).read();
  }

  private ConfiguredNetwork read() throws IOException {
    ConfiguredNetwork.Builder network = ConfiguredNetwork.builder();
    List<DeviceAddress> addresses = new ArrayList<>();
    for (String name : List.of("addresses.json", "addresses6.json")) {
      AddressesJson.Content content =
          files.read(
              name,
              AddressesJson::read,
              new AddressesJson.Content(ImmutableList.of(), ImmutableList.of()));
      for (Device device : content.devices()) {
        if (devices.putIfAbsent(device.name(), device) == null) {
          network.device(device);
        }
      }
      content.addresses().stream().filter(a -> !addresses.contains(a)).forEach(addresses::add);
    }
    if (!devices.containsKey("lo")) {
      Device lo = Device.lo();
      devices.put("lo", lo);
      network.device(lo);
      addresses.add(DeviceAddress.of(lo, "127.0.0.1/8"));
      addresses.add(DeviceAddress.of(lo, "::1/128"));
    }
    addRoutes(network, addresses);
    addRules(network);
    return network.build();
  }

  private void addRoutes(ConfiguredNetwork.Builder network, List<DeviceAddress> addresses)
      throws IOException {
    List<RouteEntry> routes = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      files
          .read(
              "routes" + suffix(family) + ".json",
              (file, text) -> RoutesJson.read(file, text, family, tables, this::device),
              ImmutableList.<RouteEntry>of())
          .stream()
          .filter(route -> !routes.contains(route))
          .forEach(routes::add);
    }
    routes.forEach(network::route);
    for (DeviceAddress address : addresses) {
      IpFamily family = address.local().family();
      if (has(routes, family, true)) {
        network.address(address);
      } else if (has(routes, family, false)) {
        network.addressWithLocalRoutes(address);
      } else {
        network.addressWithRoutes(address);
      }
    }
  }

  private static boolean has(List<RouteEntry> routes, IpFamily family, boolean local) {
    return routes.stream()
        .anyMatch(
            route ->
                route.prefix().family() == family
                    && (!local || route.table() == RouteEntry.LOCAL_TABLE));
  }

  private void addRules(ConfiguredNetwork.Builder network) throws IOException {
    for (IpFamily family : IpFamily.values()) {
      files
          .read(
              "rules" + suffix(family) + ".json",
              (file, text) -> RulesJson.read(file, text, tables),
              ImmutableList.<RoutingRule>of())
          .forEach(rule -> network.rule(family, rule));
    }
  }

  private static String suffix(IpFamily family) {
    return family == IpFamily.IPV6 ? "6" : "";
  }

  private Device device(String name) {
    return devices.getOrDefault(name, Device.NONE);
  }
}
