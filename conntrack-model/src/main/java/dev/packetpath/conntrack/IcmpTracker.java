package dev.packetpath.conntrack;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;

/**
 * Follows ICMP and ICMPv6 queries (net/netfilter/nf_conntrack_proto_icmp.c and
 * nf_conntrack_proto_icmpv6.c, Linux 6.1).
 */
final class IcmpTracker implements Tracker {
  private final Lifetimes lifetimes;

  IcmpTracker(Lifetimes lifetimes) {
    this.lifetimes = lifetimes;
  }

  @Override
  public Result track(Connection connection, Packet packet, ConnectionState state, Hook hook) {
    IpFamily family = connection.family();
    int type = connection.destinationPort(Direction.ORIGINAL) >>> 8;
    if (!connection.isConfirmed() && !IcmpQueries.mayBegin(family, type)) {
      return Result.INVALID;
    }
    boolean v4 = family == IpFamily.IPV4;
    lifetimes.refresh(connection, packet, state, v4 ? Timeout.ICMP : Timeout.ICMPV6);
    return Result.ACCEPTED;
  }

  @Override
  public boolean allowsClash() {
    return false;
  }
}
