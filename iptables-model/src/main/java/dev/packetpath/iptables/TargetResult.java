package dev.packetpath.iptables;

import dev.packetpath.core.Verdict;

/** How a walk goes on after a target. */
public enum TargetResult {
  /** With the next rule. */
  CONTINUE,
  /** It ends: accepted in this table. */
  ACCEPT,
  /** It ends: dropped. */
  DROP,
  /** It ends: the target kept the packet. */
  STOLEN,
  /** It ends: handed to user space. */
  QUEUE,
  /** It ends: handed to user space, or accepted where nobody listens. */
  QUEUE_BYPASS;

  /** Returns the result that ends a walk with a verdict. */
  public static TargetResult of(Verdict verdict) {
    return switch (verdict) {
      case ACCEPT -> ACCEPT;
      case DROP -> DROP;
      case STOLEN -> STOLEN;
      case QUEUE -> QUEUE;
      case QUEUE_BYPASS -> QUEUE_BYPASS;
    };
  }

  /** Returns the verdict with which this ends a walk. */
  Verdict verdict() {
    return switch (this) {
      case ACCEPT -> Verdict.ACCEPT;
      case DROP -> Verdict.DROP;
      case STOLEN -> Verdict.STOLEN;
      case QUEUE -> Verdict.QUEUE;
      case QUEUE_BYPASS -> Verdict.QUEUE_BYPASS;
      case CONTINUE -> throw new IllegalStateException("CONTINUE is no verdict");
    };
  }
}
