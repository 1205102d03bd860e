package dev.packetpath.conntrack;

import com.google.common.collect.ImmutableSet;

/**
 * What the table of connections tells its listeners, as {@code conntrack -E} hears it
 * (ctnetlink_conntrack_event in net/netfilter/nf_conntrack_netlink.c, Linux 6.18).
 *
 * @param kind what happened
 * @param changes what of the connection is new, nothing for one that ended
 * @param entry the connection at that moment
 */
public record TableEvent(Kind kind, ImmutableSet<Change> changes, ConntrackEntry entry) {
  /** What can happen to an entry. */
  public enum Kind {
    /** It is in the table now. */
    NEW,
    /** Something of it changed, and the packet that changed it passed. */
    UPDATE,
    /** It left the table. */
    DESTROY
  }

  /** What can change of an entry ({@code enum ip_conntrack_events}). */
  public enum Change {
    /** A packet of the reply direction was seen. */
    REPLY,
    /** A full table shall not end it. */
    ASSURED,
    /** The protocol's state. */
    PROTOCOL,
    /** The mark. */
    MARK,
    /** The labels. */
    LABEL
  }
}
