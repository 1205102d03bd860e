package dev.packetpath.iptables.match;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.MatchResult;

/**
 * The search for an extension header of IPv6 (ipv6_find_hdr in net/ipv6/exthdrs_core.c, Linux
 * 6.18).
 */
final class ExtensionSearch {
  private ExtensionSearch() {}

  /**
   * Returns what a match does with a packet that lacks the header: it fails, but drops a packet
   * that ends before it is known what follows its headers.
   */
  static MatchResult withoutHeader(Packet packet) {
    return packet.lacksProtocol() && !packet.isLaterFragment() ? MatchResult.DROP : MatchResult.NO;
  }
}
