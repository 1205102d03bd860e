package dev.packetpath.ipvs;

import dev.packetpath.core.VirtualClock;

/**
 * When the kernel's timers fire: never early, and late by up to the grain of the level that a
 * timeout falls into (kernel/time/timer.c, calc_wheel_index, Linux 6.1).
 */
final class TimerWheel {
  private static final int LEVEL_BITS = 3;
  private static final long FIRST_LEVEL_TICKS = 63;
  private static final int LAST_LEVEL = 8;

  private final long tickNs;

  /** Creates timers of a kernel with so many ticks a second; 0 for timers that are never late. */
  TimerWheel(int ticksPerSecond) {
    this.tickNs = ticksPerSecond == 0 ? 0 : VirtualClock.NS_PER_SECOND / ticksPerSecond;
  }

  /** Returns the nanoseconds from one tick to the next, 0 if timers are never late. */
  long tickNs() {
    return tickNs;
  }

  /** Returns the level of the wheel that a timeout falls into, 0 if timers are never late. */
  int level(long timeoutNs) {
    int level = 0;
    if (tickNs > 0) {
      long ticks = timeoutNs / tickNs;
      while (level < LAST_LEVEL && ticks >= FIRST_LEVEL_TICKS << (level * LEVEL_BITS)) {
        level++;
      }
    }
    return level;
  }

  /** Returns when a timer fires that is set at a time. */
  long firesAtNs(long nowNs, long timeoutNs) {
    if (tickNs == 0) {
      return nowNs + timeoutNs;
    }
    long nowTicks = nowNs / tickNs;
    long ticks = timeoutNs / tickNs;
    int shift = level(timeoutNs) * LEVEL_BITS;
    long slot = ((nowTicks + ticks) >> shift) + 1;
    return (slot << shift) * tickNs;
  }
}
