package dev.packetpath.iptables;

/** The targets that need no extension. */
public enum StandardVerdict {
  /** Accept the packet in this table. */
  ACCEPT,
  /** Drop it. */
  DROP,
  /** Hand it to user space. */
  QUEUE,
  /** Go back to the calling chain, or to the policy from a base chain. */
  RETURN
}
