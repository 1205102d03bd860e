package dev.packetpath.conntrack;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.packet.Packet;

/**
 * Prolongs, counts and ends connections (nf_ct_refresh_acct and nf_ct_kill_acct in
 * net/netfilter/nf_conntrack_core.c, Linux 6.1).
 */
final class Lifetimes {
  private final VirtualClock clock;
  private final ConntrackSettings settings;
  private final Entries entries;
  private final Events events;

  Lifetimes(VirtualClock clock, ConntrackSettings settings, Entries entries, Events events) {
    this.clock = clock;
    this.settings = settings;
    this.entries = entries;
    this.events = events;
  }

  ConntrackSettings settings() {
    return settings;
  }

  long nowNs() {
    return clock.nowNs();
  }

  /** Counts a packet and lets its connection live for a timeout from now on. */
  void refresh(Connection connection, Packet packet, ConnectionState state, Timeout timeout) {
    refresh(connection, packet, state, connection.timeouts().seconds(timeout, settings));
  }

  /** Counts a packet and lets its connection live for so many seconds from now on. */
  void refresh(Connection connection, Packet packet, ConnectionState state, long seconds) {
    setTimeout(connection, seconds);
    count(connection, packet, state);
  }

  /** Lets a connection live for so many seconds from now on, unless its timeout is fixed. */
  void setTimeout(Connection connection, long seconds) {
    if (connection.hasAny(ConnectionStatus.FIXED_TIMEOUT)) {
      return;
    }
    long timeoutNs = seconds * VirtualClock.NS_PER_SECOND;
    if (connection.isConfirmed()) {
      entries.endsAt(connection, clock.nowNs() + timeoutNs);
    } else {
      connection.timeoutNs(timeoutNs);
    }
  }

  /** Counts a packet without letting its connection live longer. */
  void count(Connection connection, Packet packet, ConnectionState state) {
    if (connection.isAccounted()) {
      connection.count(state.direction(), 1, packet.length());
    }
  }

  /** Takes note that the protocol's state was set anew, even if to what it was. */
  void stateSet(Connection connection) {
    events.stateSet(connection);
  }

  /** Ends a connection at once. */
  void kill(Connection connection) {
    entries.remove(connection);
  }

  /** Returns a timeout of a connection in seconds. */
  long seconds(Connection connection, Timeout timeout) {
    return connection.timeouts().seconds(timeout, settings);
  }
}
