package dev.packetpath.conntrack;

import dev.packetpath.core.Hook;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.packet.Packet;

/** Follows UDP (net/netfilter/nf_conntrack_proto_udp.c, Linux 6.1). */
final class UdpTracker implements Tracker {
  private static final long STREAM_AFTER_NS = 2 * VirtualClock.NS_PER_SECOND;

  /** From when on packets make a stream of the flow: a long. */
  private static final int STREAM_FROM = EntryRow.TRACKING;

  private final Lifetimes lifetimes;

  UdpTracker(Lifetimes lifetimes) {
    this.lifetimes = lifetimes;
  }

  @Override
  public Result track(Connection connection, Packet packet, ConnectionState state, Hook hook) {
    if (hook == Hook.PREROUTING && lifetimes.settings().checksum() && !packet.checksumValid()) {
      return Result.INVALID;
    }
    if (!connection.isConfirmed()) {
      connection.longWord(STREAM_FROM, lifetimes.nowNs() + STREAM_AFTER_NS);
    }
    if (!connection.hasAny(ConnectionStatus.SEEN_REPLY)) {
      lifetimes.refresh(connection, packet, state, Timeout.UDP);
      return Result.ACCEPTED;
    }
    boolean stream = lifetimes.nowNs() > connection.longWord(STREAM_FROM);
    lifetimes.refresh(connection, packet, state, stream ? Timeout.UDP_STREAM : Timeout.UDP);
    if (stream && !connection.hasAny(ConnectionStatus.NAT_CLASH)) {
      connection.set(ConnectionStatus.ASSURED);
    }
    return Result.ACCEPTED;
  }

  @Override
  public boolean allowsClash() {
    return true;
  }
}
