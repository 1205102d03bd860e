package dev.packetpath.core.packet;

/**
 * To whom the link layer addressed a packet ({@code skb->pkt_type},
 * include/uapi/linux/if_packet.h).
 */
public enum LinkType {
  /** To this host. */
  HOST,
  /** To all on the link. */
  BROADCAST,
  /** To a group. */
  MULTICAST,
  /** To another host; the kernel drops it before the first hook. */
  OTHERHOST,
  /** This host's own copy of what it sent to all or to a group. */
  LOOPBACK
}
