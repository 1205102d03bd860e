package dev.packetpath.conntrack;

import dev.packetpath.core.VirtualClock;

/**
 * The time between two passes of the collector: the mean of what its entries have left, with a
 * hundred entries of 60 seconds thrown in, between 1 and 60 seconds (gc_worker in
 * net/netfilter/nf_conntrack_core.c, Linux 6.1). Each entry is met in both of its buckets.
 */
public final class CollectorInterval {
  private static final double LONGEST_S = 60;
  private static final double SHORTEST_S = 1;
  private static final double LONGEST_COUNTED_S = 300;
  private static final int THROWN_IN = 100;

  private double count = THROWN_IN;
  private double sumSeconds = THROWN_IN * LONGEST_S;

  /** Creates the interval of an empty table. */
  public CollectorInterval() {}

  /**
   * Adds entries.
   *
   * @param leftNs the time that they have left, in nanoseconds
   * @param times how often they are met
   */
  public void add(double leftNs, double times) {
    double seconds = leftNs / VirtualClock.NS_PER_SECOND;
    sumSeconds += times * Math.min(Math.max(seconds, SHORTEST_S), LONGEST_COUNTED_S);
    count += times;
  }

  /** Returns the interval in nanoseconds. */
  public long meanNs() {
    double seconds = Math.min(Math.max(sumSeconds / count, SHORTEST_S), LONGEST_S);
    return Math.round(seconds * VirtualClock.NS_PER_SECOND);
  }
}
