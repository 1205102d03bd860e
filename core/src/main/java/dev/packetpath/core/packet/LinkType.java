package dev.packetpath.core.packet;

import dev.packetpath.core.net.MacAddress;

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
  LOOPBACK;

  private static final long TO_ALL = 0xffff_ffff_ffffL;
  private static final long GROUP_BIT = 0x0100_0000_0000L;

  /**
   * Returns whom a received frame is addressed to (net/ethernet/eth.c, eth_skb_pkt_type, Linux
   * 6.18).
   *
   * @param destination the frame's destination
   * @param own the address of the device that received it
   */
  public static LinkType of(MacAddress destination, MacAddress own) {
    if (destination.equals(own)) {
      return HOST;
    }
    if (destination.bits() == TO_ALL) {
      return BROADCAST;
    }
    return (destination.bits() & GROUP_BIT) != 0 ? MULTICAST : OTHERHOST;
  }
}
