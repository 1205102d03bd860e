package dev.packetpath.core;

/** What a hook function says of a packet (include/uapi/linux/netfilter.h, Linux 6.1). */
public enum Verdict {
  /** Go on with the next function at this hook, then with the stack. */
  ACCEPT,
  /** Free the packet; a local sender gets an error. */
  DROP,
  /** The function keeps the packet, as reassembly does with a fragment. */
  STOLEN,
  /** Hand the packet to user space, where this model ends. */
  QUEUE,
  /**
   * Hand the packet to user space, or go on with the next function where nobody listens, as nobody
   * does here.
   */
  QUEUE_BYPASS;

  /** Returns whether the packet goes on with the next function. */
  public boolean letsGoOn() {
    return this == ACCEPT || this == QUEUE_BYPASS;
  }
}
