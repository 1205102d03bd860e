package dev.packetpath.core.host;

/** The type of an address or a route (RTN_ in include/uapi/linux/rtnetlink.h, Linux 6.1). */
public enum AddressType {
  /** Unknown. */
  UNSPEC,
  /** Another host, or a route through a gateway or to a link. */
  UNICAST,
  /** An address of this host. */
  LOCAL,
  /** A broadcast address, sent and accepted as broadcast. */
  BROADCAST,
  /** Accepted as broadcast, sent as unicast. */
  ANYCAST,
  /** A group. */
  MULTICAST,
  /** Dropped in silence. */
  BLACKHOLE,
  /** Refused: host unreachable. */
  UNREACHABLE,
  /** Refused: administratively prohibited. */
  PROHIBIT,
  /** Not in this table: go on with the next rule. */
  THROW
}
