package dev.packetpath.core;

/** Work that has to wait while a hook function runs (local_bh_disable). */
public interface BottomHalves {
  /** Returns whether work waits now. */
  boolean isHeld();

  /** Lets work wait until {@link #release}; returns whether it waited before. */
  boolean hold();

  /** Ends the waiting if that was not so before, and does what waits. */
  void release(boolean heldBefore);
}
