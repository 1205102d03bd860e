package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;

/**
 * One line of a routing table.
 *
 * @param table the table's number: {@link #LOCAL_TABLE}, {@link #MAIN_TABLE}, …
 * @param prefix the destinations it is for
 * @param type what becomes of packets to them
 * @param device the device it leads to, or that holds a local address; {@link Device#NONE} for none
 * @param gateway the next hop, the unspecified address for none
 * @param source the preferred source, the unspecified address for none
 * @param metric the lowest wins among equal prefixes, unsigned
 * @param tos the type of service it is for, 0 for any
 * @param mtu the largest packet that it allows, in bytes; 0 for as much as the device
 */
public record RouteEntry(
    int table,
    IpPrefix prefix,
    AddressType type,
    Device device,
    IpAddress gateway,
    IpAddress source,
    int metric,
    int tos,
    int mtu) {
  /** The table of the host's own and broadcast addresses. */
  public static final int LOCAL_TABLE = 255;

  /** The table that {@code ip route} shows. */
  public static final int MAIN_TABLE = 254;

  /** The table asked last. */
  public static final int DEFAULT_TABLE = 253;

  /** Creates a line that allows packets as large as its device does. */
  public RouteEntry(
      int table,
      IpPrefix prefix,
      AddressType type,
      Device device,
      IpAddress gateway,
      IpAddress source,
      int metric,
      int tos) {
    this(table, prefix, type, device, gateway, source, metric, tos, 0);
  }

  /**
   * Returns a route of the main table to a link, or through a gateway if that is not unspecified.
   */
  public static RouteEntry unicast(IpPrefix prefix, Device device, IpAddress gateway) {
    return new RouteEntry(
        MAIN_TABLE,
        prefix,
        AddressType.UNICAST,
        device,
        gateway,
        IpAddress.any(prefix.family()),
        0,
        0);
  }

  /** Returns this route with another preferred source. */
  public RouteEntry from(IpAddress preferred) {
    return new RouteEntry(table, prefix, type, device, gateway, preferred, metric, tos, mtu);
  }

  /** Returns an entry of the local table. */
  public static RouteEntry local(IpPrefix prefix, AddressType type, Device device) {
    IpAddress any = IpAddress.any(prefix.family());
    return new RouteEntry(LOCAL_TABLE, prefix, type, device, any, any, 0, 0);
  }
}
