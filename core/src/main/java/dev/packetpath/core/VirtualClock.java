package dev.packetpath.core;

import static com.google.common.base.Preconditions.checkArgument;

/** The time of a simulation, in nanoseconds since its start. It moves only when it is told to. */
public final class VirtualClock {
  /** Nanoseconds in a second. */
  public static final long NS_PER_SECOND = 1_000_000_000L;

  private final long epochNs;
  private long nowNs;

  /** Creates a clock whose start is 1970-01-01T00:00:00Z. */
  public VirtualClock() {
    this(0);
  }

  /** Creates a clock whose start is so many nanoseconds after 1970-01-01T00:00:00Z. */
  public VirtualClock(long epochNs) {
    this.epochNs = epochNs;
  }

  /** Returns the nanoseconds since the start. */
  public long nowNs() {
    return nowNs;
  }

  /** Returns the wall-clock time in nanoseconds since 1970-01-01T00:00:00Z, for {@code -m time}. */
  public long wallClockNs() {
    return epochNs + nowNs;
  }

  /**
   * Moves the time on.
   *
   * @throws IllegalArgumentException if the time would go backwards
   */
  public void advanceTo(long nowNs) {
    checkArgument(
        nowNs >= this.nowNs, "time goes backwards: from %s ns to %s ns", this.nowNs, nowNs);
    this.nowNs = nowNs;
  }
}
