package dev.packetpath.iptables;

/** What a base chain does with a packet that no rule decided. */
public enum Policy {
  /** Accept it. */
  ACCEPT,
  /** Drop it. */
  DROP
}
