package dev.packetpath.node.trace;

/** What rules see as the connection state of a packet, as {@code --ctstate} names it. */
public enum SeenState {
  /** It starts a connection. */
  NEW,
  /** It belongs to a connection that has seen packets in both directions. */
  ESTABLISHED,
  /** Another connection announced it. */
  RELATED,
  /** It has no connection. */
  INVALID,
  /** Somebody said that it shall have no connection. */
  UNTRACKED
}
