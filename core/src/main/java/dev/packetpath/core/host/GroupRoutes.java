package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/**
 * The IPv4 destinations that the kernel decides beside the routing tables: the limited broadcast,
 * groups, and the unspecified address. No program has joined a group here, so a host is member of
 * 224.0.0.1 alone, and nothing forwards groups.
 *
 * <p>Source: net/ipv4/route.c, ip_route_input_rcu, ip_route_input_slow and
 * ip_route_output_key_hash_rcu, Linux 6.1.
 */
final class GroupRoutes {
  private static final IpAddress ALL_HOSTS = IpAddress.ipv4(0xe000_0001);

  private final Network network;

  GroupRoutes(Network network) {
    this.network = network;
  }

  /** Returns the way of a received packet, {@link Route#NONE} if the routing tables decide. */
  Route input(Packet packet, Device in) {
    IpAddress destination = packet.destination();
    if (destination.family() == IpFamily.IPV6) {
      return Route.NONE;
    }
    if (destination.isLimitedBroadcast() || (destination.isAny() && packet.source().isAny())) {
      return to(AddressType.BROADCAST, in);
    }
    if (!destination.isMulticast()) {
      return Route.NONE;
    }
    return isMember(packet)
        ? to(AddressType.MULTICAST, in)
        : Route.failing(AddressType.BLACKHOLE, Errno.EINVAL);
  }

  /** Returns the way of a packet of this host, {@link Route#NONE} if the tables decide. */
  Route output(IpAddress destination) {
    if (destination.family() == IpFamily.IPV6 || !destination.isAny()) {
      return Route.NONE;
    }
    IpAddress loopback = IpAddress.ipv4(0x7f00_0001);
    return new Route(AddressType.LOCAL, network.device("lo"), IpAddress.ANY_V4, loopback, Errno.OK);
  }

  /** Returns whether this host hears what it sends there itself. */
  static boolean loopsBack(Packet packet, Route route) {
    return packet.family() == IpFamily.IPV4
        && !route.device().loopback()
        && (isBroadcast(packet, route) || packet.destination().equals(ALL_HOSTS));
  }

  /** Returns whether a route leads to all hosts of a link; IPv6 has none such. */
  static boolean isBroadcast(Packet packet, Route route) {
    return route.type() == AddressType.BROADCAST || packet.destination().isLimitedBroadcast();
  }

  /** Returns the way of a packet that this host sent to all and hears itself. */
  static Route toThisHost(Device device) {
    return to(AddressType.BROADCAST, device);
  }

  private static boolean isMember(Packet packet) {
    return packet.destination().equals(ALL_HOSTS) || packet.protocol() == IpProtocol.IGMP;
  }

  private static Route to(AddressType type, Device device) {
    return new Route(type, device, IpAddress.ANY_V4, IpAddress.ANY_V4, Errno.OK);
  }
}
