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

  TwoWayTracker(Lifetimes lifetimes, Timeout before, Timeout after) {
    this.lifetimes = lifetimes;
    this.before = before;
    this.after = after;
  }

  @Override
  public Tracking begin() {
    return Tracking.NOTHING;
  }

  @Override
  public Result track(Connection connection, Packet packet, ConnectionState state, Hook hook) {
    if (hook == Hook.PREROUTING && lifetimes.settings().checksum() && !packet.checksumValid()) {
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
