package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;

/**
 * A line of a routing table with the answer that it gives, made once.
 *
 * @param entry the line
 * @param route the answer, {@link Route#NONE} to go on with the next policy rule
 */
record RouteWay(RouteEntry entry, Route route) {
  /** No way. */
  static final RouteWay NONE =
      new RouteWay(
          RouteEntry.unicast(IpPrefix.host(IpAddress.ANY_V4), Device.NONE, IpAddress.ANY_V4),
          Route.NONE);

  /** Returns a line with its answer; a local one leads to the loopback device. */
  static RouteWay of(RouteEntry entry, Device loopback) {
    Route route =
        switch (entry.type()) {
          case THROW -> Route.NONE;
          case BLACKHOLE -> Route.failing(AddressType.BLACKHOLE, Errno.EINVAL);
          case UNREACHABLE -> Route.failing(AddressType.UNREACHABLE, Errno.EHOSTUNREACH);
          case PROHIBIT -> Route.failing(AddressType.PROHIBIT, Errno.EACCES);
          case LOCAL, ANYCAST ->
              new Route(entry.type(), loopback, entry.gateway(), entry.source(), Errno.OK);
          default ->
              new Route(
                  entry.type(),
                  entry.device(),
                  entry.gateway(),
                  entry.source(),
                  entry.mtu(),
                  Errno.OK);
        };
    return new RouteWay(entry, route);
  }

  /** Returns whether it is for this type of service and leads to a device, NONE for any. */
  boolean fits(int tos, Device out) {
    return (entry.tos() == 0 || entry.tos() == (tos & 0x1c))
        && (!out.exists() || !entry.device().exists() || entry.device().equals(out));
  }

  /** Returns whether it is for the same prefix at the same metric as another. */
  boolean isAsGoodAs(RouteWay other) {
    return entry.metric() == other.entry.metric() && entry.prefix().equals(other.entry.prefix());
  }
}
