package dev.packetpath.kubernetes.network;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import java.util.Optional;

/**
 * A route of the node's main table.
 *
 * @param to where it leads
 * @param device the device
 * @param gateway the next hop; none for a neighbour
 * @param source the source address that it prefers
 */
public record NodeRoute(
    IpPrefix to, String device, Optional<IpAddress> gateway, Optional<IpAddress> source) {
  static NodeRoute link(IpPrefix to, String device) {
    return new NodeRoute(to, device, Optional.empty(), Optional.empty());
  }

  static NodeRoute link(IpPrefix to, String device, IpAddress source) {
    return new NodeRoute(to, device, Optional.empty(), Optional.of(source));
  }

  static NodeRoute via(IpPrefix to, IpAddress gateway, String device) {
    return new NodeRoute(to, device, Optional.of(gateway), Optional.empty());
  }
}
