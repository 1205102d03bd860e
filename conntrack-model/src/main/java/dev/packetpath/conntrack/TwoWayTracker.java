package dev.packetpath.conntrack;

import dev.packetpath.core.Hook;
import dev.packetpath.core.packet.Packet;

/**
 * Follows protocols that have one timeout before a reply and another after it: UDP-Lite
 * (net/netfilter/nf_conntrack_proto_udp.c) and GRE (nf_conntrack_proto_gre.c, Linux 6.1).
 */
final class TwoWayTracker implements Tracker {
  private final Lifetimes lifetimes;
  private final Timeout before;
  private final Timeout after;
  private final boolean refusedByChecksum;

  private TwoWayTracker(
      Lifetimes lifetimes, Timeout before, Timeout after, boolean refusedByChecksum) {
    this.lifetimes = lifetimes;
    this.before = before;
    this.after = after;
    this.refusedByChecksum = refusedByChecksum;
  }

  /** Returns the tracker of GRE. */
  static TwoWayTracker gre(Lifetimes lifetimes) {
    return new TwoWayTracker(lifetimes, Timeout.GRE, Timeout.GRE_STREAM, false);
  }

  /**
   * Returns the tracker of UDP-Lite. Where checksums are looked at it lets no packet through whose
   * checksum covers all of it, as packets here do: the kernel's sum leaves the pseudo header out
   * for protocols other than TCP and UDP (nf_ip_checksum in net/netfilter/utils.c).
   */
  static TwoWayTracker udpLite(Lifetimes lifetimes) {
    return new TwoWayTracker(lifetimes, Timeout.UDP, Timeout.UDP_STREAM, true);
  }

  @Override
  public Result track(Connection connection, Packet packet, ConnectionState state, Hook hook) {
    if (refusedByChecksum && hook == Hook.PREROUTING && lifetimes.settings().checksum()) {
      return Result.INVALID;
    }
    boolean seenReply = connection.hasAny(ConnectionStatus.SEEN_REPLY);
    lifetimes.refresh(connection, packet, state, seenReply ? after : before);
    if (seenReply && !connection.hasAny(ConnectionStatus.NAT_CLASH)) {
      connection.set(ConnectionStatus.ASSURED);
    }
    return Result.ACCEPTED;
  }

  @Override
  public boolean allowsClash() {
    return true;
  }
}
