package dev.packetpath.iptables;

/** What a match says of a packet. */
public enum MatchResult {
  /** The condition holds. */
  YES,
  /** It does not. */
  NO,
  /** The packet cannot be what it claims to be: drop it at once (hotdrop). */
  DROP;

  /** Returns YES or NO. */
  public static MatchResult of(boolean holds) {
    return holds ? YES : NO;
  }
}
