package dev.packetpath.iptables;

import dev.packetpath.core.VirtualClock;

/**
 * The ticks in which the kernel's limits count time: 250 a second, as Debian's and most other
 * kernels are built (CONFIG_HZ=250). Tick 0 begins when the clock starts.
 */
public final class Jiffies {
  /** Ticks in a second. */
  public static final int HZ = 250;

  private static final long NS = VirtualClock.NS_PER_SECOND / HZ;
  private static final int MS = 1000 / HZ;

  private Jiffies() {}

  /** Returns the tick of this moment. */
  public static long now(VirtualClock clock) {
    return clock.nowNs() / NS;
  }

  /** Returns the least number of ticks that last so many milliseconds. */
  public static long ofMs(long ms) {
    return (ms + MS - 1) / MS;
  }
}
