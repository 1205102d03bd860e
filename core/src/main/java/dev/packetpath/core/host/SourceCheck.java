package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.LinkType;
import dev.packetpath.core.packet.Packet;

/**
 * Refuses received packets whose addresses cannot be (net/ipv4/route.c, ip_route_input_slow, and
 * net/ipv4/fib_frontend.c, fib_validate_source, Linux 6.1; net/ipv6/ip6_input.c).
 */
final class SourceCheck {
  private static final String OK = "";

  /** Scopes of IPv6 groups (RFC 4291 section 2.7) that no packet from outside may have. */
  private static final int RESERVED_SCOPE = 0;

  private static final int INTERFACE_SCOPE = 1;

  /** 224.0.0.0/24, which hosts without an address may send to: IGMP, DHCP. */
  private static final long LOCAL_GROUPS = 0xe0_0000;

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
      return refusesSpecialIpv6(packet, source, destination, in);
    }
    if (destination.isLimitedBroadcast() || (source.isAny() && destination.isAny())) {
      return OK;
    }
    if (source.isAny()) {
      return destination.low() >>> 8 == LOCAL_GROUPS ? OK : "source " + source + " is no address";
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

  private static String refusesSpecialIpv6(
      Packet packet, IpAddress source, IpAddress destination, Device in) {
    boolean own = packet.linkType() == LinkType.LOOPBACK || in.loopback();
    if (destination.isMulticast()) {
      long scope = destination.high() >>> 48 & 0xf;
      if (scope == RESERVED_SCOPE || (scope == INTERFACE_SCOPE && !own)) {
        return "group " + destination + " does not leave its host";
      }
    }
    boolean loopback = source.isLoopback() || destination.isLoopback();
    return loopback && !in.loopback() ? "loopback address on " + in : OK;
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
   *
   * @param route where the packet goes
   */
  String refusesWayBack(Packet packet, Device in, Route route) {
    if (packet.family() == IpFamily.IPV6 || packet.sourceLow() == 0) {
      return OK;
    }
    InterfaceSettings ofDevice = settings.of(in);
    Device out = route.type() == AddressType.UNICAST ? route.device() : Device.NONE;
    boolean redirects = out.equals(in) && ofDevice.sendsRedirects();
    if (ofDevice.reversePathFilter() == 0 && !redirects) {
      if (ofDevice.acceptsLocal()) {
        return OK;
      }
      if (!network.hasOwnRules()) {
        return network.isFromOwnAddress(packet) ? ownAddress(packet) : OK;
      }
    }
    return refusesRouteBack(packet, in, out, ofDevice);
  }

  /** Looks the way back up (fib_frontend.c, __fib_validate_source). */
  private String refusesRouteBack(
      Packet packet, Device in, Device out, InterfaceSettings ofDevice) {
    long mode = ofDevice.reversePathFilter();
    Route back = network.routeBack(packet, out, ofDevice.countsMark() ? packet.mark() : 0);
    if (!back.isUsable()) {
      return mode == 0 ? OK : refused(packet, back);
    }
    if (back.type() == AddressType.LOCAL) {
      if (!ofDevice.acceptsLocal()) {
        return ownAddress(packet);
      }
    } else if (back.type() != AddressType.UNICAST) {
      return refused(packet, back);
    }
    boolean meets =
        back.isLocal()
            ? in.loopback() || network.addressType(packet.source(), in) == AddressType.LOCAL
            : back.device().equals(in);
    boolean unnumbered = !meets && network.primaryAddress(in, IpFamily.IPV4).isAny();
    return meets || mode == 0 || (mode == 2 && !unnumbered) ? OK : refused(packet, back);
  }

  private static String ownAddress(Packet packet) {
    return "source " + packet.source() + " is an address of this host";
  }

  private static String refused(Packet packet, Route back) {
    return "reverse path filter: the way back to " + packet.source() + " is " + back;
  }
}
