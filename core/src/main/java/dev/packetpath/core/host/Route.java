package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.AttachmentKey;
import java.util.Locale;

/**
 * The answer of a routing decision.
 *
 * @param type what kind of destination it is
 * @param device the device it leads to; {@code lo} for a local one, {@link Device#NONE} for none
 * @param gateway the next hop, the unspecified address for a destination on the link
 * @param source the source address that the route prefers, the unspecified address for none
 * @param mtu the largest packet that the route allows, in bytes; 0 for as much as the device
 * @param failure why there is no way, {@link Errno#OK} if there is one
 */
public record Route(
    AddressType type, Device device, IpAddress gateway, IpAddress source, int mtu, Errno failure) {
  /** No route was looked up yet. */
  public static final Route NONE =
      new Route(AddressType.UNSPEC, Device.NONE, IpAddress.ANY_V4, IpAddress.ANY_V4, Errno.OK);

  /** The route of a packet ({@code skb_dst}). */
  public static final AttachmentKey<Route> OF_PACKET = AttachmentKey.create(NONE);

  /** Creates a route that allows what its device does. */
  public Route(
      AddressType type, Device device, IpAddress gateway, IpAddress source, Errno failure) {
    this(type, device, gateway, source, 0, failure);
  }

  /**
   * Returns the largest packet that can go this way without being cut, in bytes (include/net/ip.h,
   * ip_dst_mtu_maybe_forward).
   */
  public int largestPacket() {
    return mtu == 0 ? device.mtu() : mtu;
  }

  /**
   * Returns what {@link Network#selectSource} goes by for a packet on this way: IPv4's next hop,
   * IPv6's destination.
   */
  public IpAddress selectingBy(IpAddress destination) {
    boolean byGateway =
        destination.family() == IpFamily.IPV4
            && gateway.family() == IpFamily.IPV4
            && !gateway.isAny();
    return byGateway ? gateway : destination;
  }

  /** Returns the route that fails in this way. */
  public static Route failing(AddressType type, Errno failure) {
    return new Route(type, Device.NONE, IpAddress.ANY_V4, IpAddress.ANY_V4, failure);
  }

  /** Returns whether a packet can go this way. */
  public boolean isUsable() {
    return failure == Errno.OK && type != AddressType.UNSPEC;
  }

  /** Returns whether the packet ends at this host's own sockets. */
  public boolean isLocal() {
    return type == AddressType.LOCAL;
  }

  @Override
  public String toString() {
    if (failure != Errno.OK) {
      return "no route (" + failure + ")";
    }
    String hop = gateway.isAny() ? "" : " via " + gateway;
    return switch (type) {
      case LOCAL -> "local";
      case UNICAST -> "dev " + device + hop;
      default -> type.name().toLowerCase(Locale.ROOT) + " dev " + device + hop;
    };
  }
}
