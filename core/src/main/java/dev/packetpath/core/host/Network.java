package dev.packetpath.core.host;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;

/**
 * The devices, addresses and routes of a host. {@link ConfiguredNetwork} holds what a node's files
 * tell.
 */
public interface Network {
  /** Returns the devices. */
  ImmutableList<Device> devices();

  /** Returns the device of this name, or {@link Device#NONE}. */
  Device device(String name);

  /** Makes a routing decision over all rules and tables. */
  Route route(RouteQuery query);

  /** Makes the routing decision of a packet that came in by a device. */
  default Route route(Packet packet, Device in) {
    return route(RouteQuery.of(packet, in));
  }

  /**
   * Makes the routing decision of the way back to the source of a packet.
   *
   * @param out the device that the packet leaves by, {@link Device#NONE} if it stays here
   * @param mark the mark that counts
   */
  default Route routeBack(Packet packet, Device out, int mark) {
    return route(RouteQuery.back(packet, out, mark));
  }

  /**
   * Returns whether somebody added policy rules or local routes for IPv4, so that the addresses of
   * devices do not tell all that is local.
   */
  default boolean hasOwnRules() {
    return false;
  }

  /** Returns whether a device has this address. */
  default boolean isOfDevice(IpAddress address) {
    return addressType(address, Device.NONE) == AddressType.LOCAL;
  }

  /** Returns whether a packet comes from an address that a device has and the host is local at. */
  default boolean isFromOwnAddress(Packet packet) {
    return sourceType(packet) == AddressType.LOCAL && isOfDevice(packet.source());
  }

  /** Returns the type of a packet's source by the local table alone. */
  default AddressType sourceType(Packet packet) {
    return addressType(packet.source(), Device.NONE);
  }

  /**
   * Returns the type of an address by the local table alone, as {@code -m addrtype} asks: UNICAST
   * is what that table does not hold.
   *
   * @param address the address
   * @param device the device that the local entry must belong to, {@link Device#NONE} for any
   */
  AddressType addressType(IpAddress address, Device device);

  /**
   * Returns the address that a packet leaving by a device gets as source (inet_select_addr,
   * ipv6_dev_get_saddr), or the unspecified address if there is none.
   *
   * @param towards the next hop of IPv4, the destination of IPv6 ({@link Route#selectingBy})
   */
  IpAddress selectSource(Device out, IpAddress towards);

  /** Returns the first address of a device, or the unspecified address if it has none. */
  IpAddress primaryAddress(Device device, IpFamily family);
}
