package dev.packetpath.conntrack;

import dev.packetpath.core.Hook;
import dev.packetpath.core.packet.Packet;

/**
 * Follows protocols without a tracker of their own by addresses alone
 * (net/netfilter/nf_conntrack_proto_generic.c, Linux 6.1).
 */
final class GenericTracker implements Tracker {
  private final Lifetimes lifetimes;

  GenericTracker(Lifetimes lifetimes) {
    this.lifetimes = lifetimes;
  }

  @Override
  public Result track(Connection connection, Packet packet, ConnectionState state, Hook hook) {
    lifetimes.refresh(connection, packet, state, Timeout.GENERIC);
    return Result.ACCEPTED;
  }

  @Override
  public boolean allowsClash() {
    return true;
  }
}
