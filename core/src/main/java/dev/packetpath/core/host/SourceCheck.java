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
  private final InterfaceSettings.OfDevices settings;

  SourceCheck(Network network, InterfaceSettings.OfDevices settings) {
    this.network = network;
    this.settings = settings;
  }

  /**
   * Returns why a received packet's addresses are refused before routing, or "" if they are not.
   */
  String refusesAddresses(Packet packet, Device in) {
    return isOrdinary(packet) ? OK : refusesSpecialAddresses(packet, in);
  }

  /** Returns whether neither address is one that some check is about. */
  static boolean isOrdinary(Packet packet) {
    return IpAddress.isOrdinary(packet.family(), packet.sourceHigh(), packet.sourceLow())
        && IpAddress.isOrdinary(packet.family(), packet.destinationHigh(), packet.destinationLow());
  }

  /** Returns whether packets of an IPv6 source may leave the link that they came by. */
  static boolean mayBeForwardedFrom(IpAddress source) {
    return !source.isAny() && !source.isLinkLocal() && !source.isLoopback();
  }

  private String refusesSpecialAddresses(Packet packet, Device in) {
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
        && !settings.of(in).routesLocalnet()) {
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
            && !settings.of(route.device()).routesLocalnet()
        ? Route.failing(AddressType.UNSPEC, Errno.EINVAL)
        : route;
  }

  /**
   * Returns why the way back to the source is refused, or "" if it is not. IPv4 alone has this
   * check.
   */
  String refusesWayBack(Packet packet, Device in) {
    if (packet.family() == IpFamily.IPV6 || packet.sourceLow() == 0) {
      return OK;
    }
    if (network.sourceType(packet) == AddressType.LOCAL && !isUnassignedLoopback(packet)) {
      return settings.of(in).acceptsLocal()
          ? OK
          : "source " + packet.source() + " is an address of this host";
    }
    long mode = settings.of(in).reversePathFilter();
    if (mode == 0) {
      return OK;
    }
    Route back = network.routeBack(packet, in);
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
  private static boolean isUnassignedLoopback(Packet packet) {
    return packet.sourceLow() >>> 24 == 127 && packet.sourceLow() != 0x7f00_0001;
  }
}
