package dev.packetpath.core.host;

import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;

/**
 * The destinations that the kernel decides beside the routing tables: broadcasts, groups, and the
 * unspecified address. No program has joined a group here, so a host is member of those that its
 * kernel joins, and nothing forwards groups.
 *
 * <p>Source: net/ipv4/route.c, ip_route_input_rcu, ip_route_input_slow and
 * ip_route_output_key_hash_rcu; net/ipv6/ip6_input.c, ip6_mc_input, addrconf.c and raw.c, Linux
 * 6.1.
 */
final class GroupRoutes {
  private static final IpAddress ALL_HOSTS = IpAddress.ipv4(0xe000_0001);
  private static final IpAddress ALL_NODES_OF_HOST = IpAddress.parse("ff01::1");
  private static final IpAddress ALL_ROUTERS_OF_HOST = IpAddress.parse("ff01::2");
  private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
  private static final IpAddress ALL_ROUTERS = IpAddress.parse("ff02::2");
  private static final IpAddress ALL_ROUTERS_OF_SITE = IpAddress.parse("ff05::2");
  private static final ImmutableSet<IpAddress> JOINED =
      ImmutableSet.of(
          ALL_NODES_OF_HOST, ALL_ROUTERS_OF_HOST, ALL_NODES, ALL_ROUTERS, ALL_ROUTERS_OF_SITE);
  private static final long SOLICITED = 0x1_ff00_0000L;

  /** The scope of groups whose members are all within one host (RFC 4291 section 2.7). */
  private static final long INTERFACE_SCOPE = 1;

  private final Network network;

  GroupRoutes(Network network) {
    this.network = network;
  }

  /** Returns the way of a received packet, {@link Route#NONE} if the routing tables decide. */
  Route input(Packet packet, Device in) {
    IpAddress destination = packet.destination();
    if (destination.family() == IpFamily.IPV6) {
      return destination.isMulticast() ? group(hears(packet, in), in) : Route.NONE;
    }
    if (destination.isLimitedBroadcast() || (destination.isAny() && packet.source().isAny())) {
      return to(AddressType.BROADCAST, in);
    }
    if (!destination.isMulticast()) {
      return Route.NONE;
    }
    return group(hears(packet, in), in);
  }

  private static Route group(boolean member, Device in) {
    return member
        ? to(AddressType.MULTICAST, in)
        : Route.failing(AddressType.BLACKHOLE, Errno.EINVAL);
  }

  /** Returns the way of a packet of this host, {@link Route#NONE} if the tables decide. */
  Route output(IpAddress destination) {
    if (!destination.isAny()) {
      return Route.NONE;
    }
    IpFamily family = destination.family();
    IpAddress any = IpAddress.any(family);
    IpAddress loopback =
        family == IpFamily.IPV4 ? IpAddress.ipv4(0x7f00_0001) : IpAddress.ipv6(0, 1);
    return new Route(AddressType.LOCAL, network.device("lo"), any, loopback, Errno.OK);
  }

  /** Returns whether a packet may come from no address: ICMPv6 to groups, before there is one. */
  static boolean mayLackSource(Packet packet) {
    return packet.protocol() == IpProtocol.ICMPV6 && packet.destination().isMulticast();
  }

  /**
   * Returns the way of a packet of this host that is routed again. To groups of IPv4 it now leaves
   * by the device that has its source; a socket that is not bound to one knew of none before.
   */
  Route again(Packet packet) {
    IpAddress source = packet.source();
    if (packet.family() == IpFamily.IPV6
        || source.isAny()
        || !(packet.destination().isMulticast() || packet.destination().isLimitedBroadcast())) {
      return network.route(RouteQuery.of(packet, Device.NONE));
    }
    AddressType type =
        packet.destination().isMulticast() ? AddressType.MULTICAST : AddressType.BROADCAST;
    return network.devices().stream()
        .filter(each -> network.addressType(source, each) == AddressType.LOCAL)
        .findFirst()
        .map(each -> to(type, each))
        .orElse(Route.failing(AddressType.UNSPEC, Errno.ENETUNREACH));
  }

  /** Returns whether this host hears what it sends there itself. */
  boolean loopsBack(Packet packet, Route route) {
    IpAddress destination = packet.destination();
    if (route.device().loopback()) {
      return false;
    }
    return packet.family() == IpFamily.IPV4
        ? isBroadcast(packet, route) || destination.equals(ALL_HOSTS)
        : isMemberV6(destination, route.device()) && !packet.source().isAny();
  }

  /** Returns whether a route leads to all hosts of a link; IPv6 has none such. */
  static boolean isBroadcast(Packet packet, Route route) {
    return route.type() == AddressType.BROADCAST || packet.destination().isLimitedBroadcast();
  }

  /** Returns the way of a packet that this host sent to all and hears itself. */
  static Route toThisHost(Device device) {
    return to(AddressType.BROADCAST, device);
  }

  /** Returns whether this host takes what comes by a device to a group. */
  boolean hears(Packet packet, Device in) {
    return packet.family() == IpFamily.IPV6
        ? isMemberV6(packet.destination(), in)
        : packet.destination().equals(ALL_HOSTS);
  }

  /** The groups of all nodes, of all routers, and of the device's own address for neighbours. */
  private boolean isMemberV6(IpAddress group, Device in) {
    if (JOINED.contains(group)) {
      return true;
    }
    if (group.high() != ALL_NODES.high() || (group.low() & ~0xff_ffffL) != SOLICITED) {
      return false;
    }
    long own = network.primaryAddress(in, IpFamily.IPV6).low() & 0xff_ffff;
    return (group.low() & 0xff_ffff) == own;
  }

  /**
   * Returns whether a packet to an IPv6 group of this host alone, scopes 0 and 1, would leave it.
   * The kernel drops it behind POSTROUTING and tells the sender nothing (net/ipv6/ip6_output.c,
   * ip6_finish_output2).
   */
  static boolean staysOnHost(Packet packet, Route route) {
    long high = packet.destinationHigh();
    return packet.family() == IpFamily.IPV6
        && high >>> 56 == 0xff
        && (high >>> 48 & 0xf) <= INTERFACE_SCOPE
        && !route.device().loopback();
  }

  private static Route to(AddressType type, Device device) {
    return new Route(type, device, IpAddress.ANY_V4, IpAddress.ANY_V4, Errno.OK);
  }
}
