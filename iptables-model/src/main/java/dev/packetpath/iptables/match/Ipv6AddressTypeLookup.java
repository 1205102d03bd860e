package dev.packetpath.iptables.match;

import dev.packetpath.core.host.AddressType;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.host.RouteQuery;
import dev.packetpath.core.net.IpAddress;

/**
 * Whether an IPv6 address is of the types listed. Other than IPv4's, this asks the address itself
 * for UNICAST, MULTICAST and UNSPEC, so that an address of this host is UNICAST too; asks the whole
 * routing for LOCAL, ANYCAST and UNREACHABLE; and several types asked for are joined by "and",
 * except those three among themselves.
 *
 * <p>Source: net/netfilter/xt_addrtype.c, match_type6 and match_lookup_rt6, and
 * net/ipv6/addrconf_core.c, __ipv6_addr_type, Linux 6.1.
 */
final class Ipv6AddressTypeLookup {
  private final Network network;

  Ipv6AddressTypeLookup(Network network) {
    this.network = network;
  }

  boolean matches(AddressTypes types, IpAddress address, Device device) {
    if ((types.has(AddressType.MULTICAST) && !address.isMulticast())
        || (types.has(AddressType.UNICAST) && !isUnicast(address))
        || (types.has(AddressType.UNSPEC) && !address.isAny())) {
      return false;
    }
    if (types.has(AddressType.LOCAL)
        || types.has(AddressType.ANYCAST)
        || types.has(AddressType.UNREACHABLE)) {
      return matchesRouting(types, address, device);
    }
    return true;
  }

  private static boolean isUnicast(IpAddress address) {
    boolean mapped = address.high() == 0 && address.low() >>> 32 == 0xffff;
    return !address.isMulticast() && !address.isAny() && !mapped;
  }

  private boolean matchesRouting(AddressTypes types, IpAddress address, Device device) {
    Route route =
        network.route(new RouteQuery(address, IpAddress.ANY_V6, 0, 0, Device.NONE, device));
    if (!route.isUsable()) {
      return types.has(AddressType.UNREACHABLE);
    }
    boolean local =
        device.exists()
            ? network.addressType(address, device) == AddressType.LOCAL
            : route.type() == AddressType.LOCAL;
    return (local && types.has(AddressType.LOCAL))
        || (route.type() == AddressType.ANYCAST && types.has(AddressType.ANYCAST));
  }
}
