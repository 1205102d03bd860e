package dev.packetpath.iptables.ipset;

import dev.packetpath.core.VirtualClock;

/** An element in a set: its key and its extensions. */
final class Member extends ElementKey {
  /** No member. */
  static final Member ABSENT = new Member();

  private static final long PERMANENT = Long.MAX_VALUE;

  String device = "";
  boolean bridgePort;
  boolean wildcard;
  boolean nomatch;
  long packets;
  long bytes;
  long deadlineNs = PERMANENT;
  String comment = "";
  SkbInfo skbinfo = SkbInfo.NONE;

  /** Returns whether this is {@link #ABSENT}. */
  @SuppressWarnings("ReferenceEquality") // a sentinel
  boolean isAbsent() {
    return this == ABSENT;
  }

  /** Returns whether this is the same object, where two may have equal keys. */
  @SuppressWarnings("ReferenceEquality") // networks of several devices share one key
  boolean isSame(Member other) {
    return this == other;
  }

  /** Sets when it times out; 0 seconds means never. */
  void expireAfter(long seconds, long nowNs) {
    deadlineNs = seconds == 0 ? PERMANENT : nowNs + seconds * VirtualClock.NS_PER_SECOND;
  }

  /** ip_set_timeout_expired: it is still there at the very end of its time. */
  boolean isExpired(long nowNs) {
    return nowNs > deadlineNs;
  }

  /** ip_set_timeout_get: whole seconds left, at least 1; 0 if it stays for ever. */
  long remainingSeconds(long nowNs) {
    if (deadlineNs == PERMANENT) {
      return 0;
    }
    return Math.max(1, (deadlineNs - nowNs) / VirtualClock.NS_PER_SECOND);
  }
}
