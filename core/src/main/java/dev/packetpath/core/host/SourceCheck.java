package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;

/**
 * Refuses received packets whose addresses cannot be (net/ipv4/route.c, ip_route_input_slow, and
 * net/ipv4/fib_frontend.c, fib_validate_source, Linux 6.1; net/ipv6/ip6_input.c).
 */
final class SourceCheck {
  private static final String OK = "";

  private final Network network;
  private final Sysctls sysctls;

  SourceCheck(Network network, Sysctls sysctls) {
    this.network = network;
    this.sysctls = sysctls;
  }

  /**
   * Returns why a received packet's addresses are refused before routing, or "" if they are not.
   */
  String refusesAddresses(Packet packet, Device in) {
    IpAddress source = packet.source();
    IpAddress destination = packet.destination();
    if (source.isMulticast() || source.isLimitedBroadcast()) {
      return "source " + source + " is a group or broadcast address";
    }
    if (packet.family() == IpFamily.IPV6) {
      boolean loopback = source.isLoopback() || destination.isLoopback();
      return loopback && !in.loopback() ? "loopback address on " + in : OK;
    }
    if (destination.isLimitedBroadcast() || (source.isAny() && destination.isAny())) {
      return OK;
    }
    if (source.isAny()) {
      return "source " + source + " is no address";
    }
    if (destination.isAny()) {
      return "destination " + destination + " is no address";
    }
    if ((source.isLoopback() || destination.isLoopback())
        && !in.loopback()
        && !perDeviceFlag(in, "route_localnet")) {
      return "loopback address on " + in + " and route_localnet is 0";
    }
    return OK;
  }

  /**
   * Returns the route of a packet of this host, or why there is none: a loopback address leaves by
   * no other device (net/ipv4/route.c, __mkroute_output).
   */
  Route leaving(Packet packet, Route route) {
    return route.isUsable()
            && packet.family() == IpFamily.IPV4
            && packet.source().isLoopback()
            && !route.device().loopback()
            && !perDeviceFlag(route.device(), "route_localnet")
        ? Route.failing(AddressType.UNSPEC, Errno.EINVAL)
        : route;
  }

  /**
   * Returns why the way back to the source is refused, or "" if it is not. IPv4 alone has this
   * check.
   */
  String refusesWayBack(Packet packet, Device in) {
    if (packet.family() == IpFamily.IPV6 || packet.source().isAny()) {
      return OK;
    }
    AddressType ofSource = network.addressType(packet.source(), Device.NONE);
    if (ofSource == AddressType.LOCAL && !isUnassignedLoopback(packet.source())) {
      return perDeviceFlag(in, "accept_local")
          ? OK
          : "source " + packet.source() + " is an address of this host";
    }
    long mode = reversePathFilter(in);
    if (mode == 0) {
      return OK;
    }
    Route back =
        network.route(
            new RouteQuery(
                packet.source(), packet.destination(), packet.tos(), 0, in, Device.NONE));
    if (back.isUsable()
        && back.type() == AddressType.UNICAST
        && (mode == 2 || back.device().equals(in))) {
      return OK;
    }
    return "reverse path filter: the way back to " + packet.source() + " is " + back;
  }

  /**
   * Of the loopback network only the address of the device itself counts as one of this host
   * (fib_validate_source looks for interface addresses, not for routes of type local).
   */
  private static boolean isUnassignedLoopback(IpAddress source) {
    return source.isLoopback() && source.low() != 0x7f00_0001;
  }

  private long reversePathFilter(Device in) {
    return Math.max(
        sysctls.number("net.ipv4.conf.all.rp_filter", 0),
        sysctls.number("net.ipv4.conf." + in.name() + ".rp_filter", 0));
  }

  private boolean perDeviceFlag(Device in, String setting) {
    return sysctls.flag("net.ipv4.conf.all." + setting, false)
        || sysctls.flag("net.ipv4.conf." + in.name() + "." + setting, false);
  }
}
