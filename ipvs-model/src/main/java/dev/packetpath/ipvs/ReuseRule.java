package dev.packetpath.ipvs;

import dev.packetpath.conntrack.Connection;

/**
 * How kernels differ in what a SYN meets that takes the place of an old connection while connection
 * tracking has an entry for it (net/netfilter/ipvs/ip_vs_core.c, ip_vs_in). The SYN is dropped if
 * the entry is held to be the old connection's; its repetition makes a new connection.
 */
public enum ReuseRule {
  /** Linux 5.9 and later: an entry that the SYN itself began (it is unconfirmed) is not. */
  CONFIRMED {
    @Override
    boolean isOld(Connection entry, IpvsConnection connection) {
      return entry.isConfirmed();
    }

    @Override
    boolean leavesEntry() {
      return true;
    }
  },

  /** Linux before 5.9: any entry is, so each reuse of a port costs the client a repetition. */
  TRACKED {
    @Override
    boolean isOld(Connection entry, IpvsConnection connection) {
      return connection.usesConntrack() && entry.exists();
    }

    @Override
    boolean leavesEntry() {
      return false;
    }
  };

  /** Returns whether a SYN's entry is held to be that of the connection before. */
  abstract boolean isOld(Connection entry, IpvsConnection connection);

  /** Returns whether a connection that makes way for a SYN with an entry of its own leaves it. */
  abstract boolean leavesEntry();
}
