package dev.packetpath.iptables.match;

import dev.packetpath.core.host.AddressType;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.host.Route;
import dev.packetpath.core.host.RouteQuery;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.LinkType;
import dev.packetpath.core.packet.Packet;

/**
 * The way back to the source of a packet, as {@link RpfilterMatch} judges it.
 *
 * <p>The IPv6 look-up asks for a way by the device that the packet came in by only where the source
 * is link-local; otherwise the best way is taken and its device compared.
 */
final class ReversePath {
  private final Network network;
  private final boolean loose;
  private final boolean validMark;
  private final boolean acceptLocal;

  ReversePath(Network network, boolean loose, boolean validMark, boolean acceptLocal) {
    this.network = network;
    this.loose = loose;
    this.validMark = validMark;
    this.acceptLocal = acceptLocal;
  }

  boolean isRight(Packet packet, Device in) {
    return in.loopback()
        || packet.linkType() == LinkType.LOOPBACK
        || (packet.family() == IpFamily.IPV4 ? isRightV4(packet, in) : isRightV6(packet, in));
  }

  private boolean isRightV4(Packet packet, Device in) {
    IpAddress source = packet.source();
    IpAddress destination = packet.destination();
    if (isZeroNet(source)
        && (destination.isLimitedBroadcast() || destination.low() >>> 8 == 0xe0_00_00)) {
      return true;
    }
    boolean noSource =
        destination.isMulticast() || destination.isLimitedBroadcast() || isZeroNet(destination);
    Route back =
        network.route(
            new RouteQuery(
                source,
                noSource ? IpAddress.ANY_V4 : destination,
                packet.tos(),
                validMark ? packet.mark() : 0,
                network.device("lo"),
                Device.NONE));
    if (back.isUsable() && back.type() == AddressType.LOCAL) {
      return acceptLocal && (loose || network.addressType(source, in) == AddressType.LOCAL);
    }
    return back.isUsable()
        && back.type() == AddressType.UNICAST
        && (loose || back.device().equals(in));
  }

  private static boolean isZeroNet(IpAddress address) {
    return address.isAny();
  }

  private boolean isRightV6(Packet packet, Device in) {
    IpAddress source = packet.source();
    if (source.isAny()) {
      return true;
    }
    boolean linkLocal = source.isLinkLocal();
    Route back =
        network.route(
            new RouteQuery(
                source,
                packet.destination().isMulticast() ? IpAddress.ANY_V6 : packet.destination(),
                packet.tos(),
                validMark ? packet.mark() : 0,
                network.device("lo"),
                linkLocal ? in : Device.NONE));
    if (!back.isUsable() || back.type() == AddressType.ANYCAST) {
      return false;
    }
    if (back.type() == AddressType.LOCAL) {
      return acceptLocal;
    }
    return loose || back.device().equals(in);
  }
}
