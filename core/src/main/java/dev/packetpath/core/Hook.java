package dev.packetpath.core;

/**
 * The five points at which the kernel hands a packet to registered functions.
 *
 * <p>Source: include/uapi/linux/netfilter.h, Linux 6.1; the order of the constants is the kernel's.
 */
public enum Hook {
  /** Received, before the routing decision. */
  PREROUTING,
  /** Routed to this host, before the socket. */
  INPUT,
  /** Routed to another host. */
  FORWARD,
  /** Sent by this host, after its routing decision. */
  OUTPUT,
  /** About to leave on a device. */
  POSTROUTING
}
