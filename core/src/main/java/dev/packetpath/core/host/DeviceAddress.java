package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;

/**
 * An address of a device.
 *
 * @param device the device
 * @param local the address
 * @param onLink the destinations that are on the device's link by this address
 * @param scope how far the address is known: 0 everywhere, 253 on the link, 254 on the host
 * @param secondary whether it is a further address of the same subnet; of IPv6, a temporary one
 * @param deprecated whether new connections had better not be made from it (IPv6)
 */
public record DeviceAddress(
    Device device,
    IpAddress local,
    IpPrefix onLink,
    int scope,
    boolean secondary,
    boolean deprecated) {
  /** The scope of an address known everywhere. */
  public static final int GLOBAL = 0;

  /** The scope of an address known on its link. */
  public static final int LINK = 253;

  /** The scope of an address known on its host. */
  public static final int HOST = 254;

  /** Returns the primary global address written as {@code address/prefix length}. */
  public static DeviceAddress of(Device device, String text) {
    int slash = text.indexOf('/');
    IpAddress local = IpAddress.parse(text.substring(0, slash));
    int length = Integer.parseInt(text.substring(slash + 1));
    return new DeviceAddress(
        device,
        local,
        IpPrefix.of(local, length),
        local.isLoopback() ? HOST : GLOBAL,
        false,
        false);
  }
}
