package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.MacAddress;
import java.io.IOException;
import java.io.Reader;

/** Reads {@code ip -j address}: the devices and their addresses (iproute2 6.1). */
final class AddressesJson {
  private AddressesJson() {}

  /**
   * What the text tells.
   *
   * @param devices the devices
   * @param addresses their addresses, in the order of the text
   */
  record Content(ImmutableList<Device> devices, ImmutableList<DeviceAddress> addresses) {}

  static Content read(String file, Reader text) throws IOException {
    ImmutableList.Builder<Device> devices = ImmutableList.builder();
    ImmutableList.Builder<DeviceAddress> addresses = ImmutableList.builder();
    for (JsonValue.Fields link : JsonText.objects(JsonText.read(file, text))) {
      if (!link.has("ifname")) {
        continue;
      }
      Device device = device(link);
      devices.add(device);
      for (JsonValue.Fields address : link.objects("addr_info")) {
        if (address.has("local")) {
          addresses.add(address(device, address));
        }
      }
    }
    return new Content(devices.build(), addresses.build());
  }

  private static Device device(JsonValue.Fields link) {
    String mac = link.text("address", "");
    return new Device(
        link.text("ifname"),
        (int) link.number("ifindex", 1, Integer.MAX_VALUE, 1),
        (int) link.number("mtu", 0, Integer.MAX_VALUE, 1500),
        isLoopback(link),
        mac.length() == 17
            ? JsonFields.parse(link, "address", MacAddress::parse)
            : new MacAddress(0));
  }

  /** {@code ip -4} and {@code ip -6} tell flags alone. */
  private static boolean isLoopback(JsonValue.Fields link) {
    return link.text("link_type", "").equals("loopback")
        || (link.get("flags").orElse(link) instanceof JsonValue.Array flags
            && flags.values().stream()
                .anyMatch(
                    flag ->
                        flag instanceof JsonValue.Scalar scalar
                            && scalar.text().equals("LOOPBACK")));
  }

  private static DeviceAddress address(Device device, JsonValue.Fields fields) {
    IpAddress local = JsonFields.parse(fields, "local", IpAddress::parse);
    int length = (int) fields.number("prefixlen", 0, local.family().bits(), local.family().bits());
    IpAddress onLink =
        fields.has("address") ? JsonFields.parse(fields, "address", IpAddress::parse) : local;
    int scope =
        switch (fields.text("scope", "global")) {
          case "host" -> DeviceAddress.HOST;
          case "link" -> DeviceAddress.LINK;
          default -> DeviceAddress.GLOBAL;
        };
    boolean secondary = is(fields, "secondary") || is(fields, "temporary");
    return new DeviceAddress(
        device, local, IpPrefix.of(onLink, length), scope, secondary, is(fields, "deprecated"));
  }

  private static boolean is(JsonValue.Fields fields, String flag) {
    return fields.text(flag, "false").equals("true");
  }
}
