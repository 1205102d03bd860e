package dev.packetpath.conntrack;

/**
 * How a packet relates to its connection ({@code enum ip_conntrack_info},
 * include/uapi/linux/netfilter/nf_conntrack_common.h, Linux 6.1).
 */
public enum ConnectionState {
  /** The packet has no connection: not looked up yet, or INVALID for rules. */
  NONE,
  /** Original direction of a connection that has seen a reply. */
  ESTABLISHED,
  /** An error about a connection, or a new connection that another one announced. */
  RELATED,
  /** Original direction of a connection that has seen no reply. */
  NEW,
  /** Reply direction. */
  ESTABLISHED_REPLY,
  /** An error about a connection that travels in its reply direction. */
  RELATED_REPLY,
  /** Somebody said that the packet shall have no connection. */
  UNTRACKED;

  /** Returns whether the packet travels in the reply direction of its connection. */
  public boolean isReply() {
    return this == ESTABLISHED_REPLY || this == RELATED_REPLY;
  }

  /** Returns whether this is {@link #RELATED} or {@link #RELATED_REPLY}. */
  public boolean isRelated() {
    return this == RELATED || this == RELATED_REPLY;
  }

  /** Returns the direction that the packet travels in, {@link Direction#ORIGINAL} for no one. */
  public Direction direction() {
    return isReply() ? Direction.REPLY : Direction.ORIGINAL;
  }
}
