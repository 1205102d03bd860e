package dev.packetpath.conntrack;

import dev.packetpath.core.VirtualClock;

/**
 * The collector's answer to a full table: once no room could be made for a packet, its next pass
 * ends entries that are not assured or already closing, until fewer than 95% of the limit are left
 * (gc_worker in net/netfilter/nf_conntrack_core.c, Linux 6.1).
 *
 * <p>Passes follow each other at the mean of the times that entries have left. Where the first pass
 * lies is unknowable, so it comes after half of that; what is over needs no pass here, for it ends
 * by itself.
 */
final class Collector {
  private static final int PERCENT_KEPT = 95;
  private static final long NEVER = Long.MIN_VALUE;

  private final Entries entries;
  private final ConntrackSettings settings;
  private final ConntrackCounters counters;
  private final VirtualClock clock;
  private boolean armed;
  private long nextPassNs = NEVER;

  Collector(
      Entries entries, ConntrackSettings settings, ConntrackCounters counters, VirtualClock clock) {
    this.entries = entries;
    this.settings = settings;
    this.counters = counters;
    this.clock = clock;
  }

  /** Takes note of a packet that was dropped because no room could be made. */
  void noRoom() {
    if (armed) {
      return;
    }
    armed = true;
    if (nextPassNs <= clock.nowNs()) {
      nextPassNs = clock.nowNs() + interval().meanNs() / 2;
    }
  }

  /** Returns whether a pass is due. */
  boolean isDue() {
    return armed && clock.nowNs() >= nextPassNs;
  }

  /** Runs the pass that is due, if any. */
  void runIfDue() {
    if (!isDue()) {
      return;
    }
    long keep = settings.max() / 100 * PERCENT_KEPT;
    counters.earlyDrop += endFrom(entries.live(), keep);
    armed = false;
    nextPassNs = clock.nowNs() + interval().meanNs();
  }

  /** Ends entries bucket by bucket until fewer are left than may be; returns how many. */
  private int endFrom(ConntrackTable table, long keep) {
    int ended = 0;
    for (int bucket = 0; bucket < table.buckets() && table.size() >= keep; bucket++) {
      int node = table.firstIn(bucket);
      while (node != ConntrackTable.NONE && table.size() >= keep) {
        Connection connection = table.connection(node);
        if (mayEnd(connection)) {
          entries.remove(connection);
          ended++;
          node = table.firstIn(bucket);
        } else {
          node = table.next();
        }
      }
    }
    return ended;
  }

  private CollectorInterval interval() {
    CollectorInterval interval = new CollectorInterval();
    long nowNs = clock.nowNs();
    entries
        .live()
        .forEach(connection -> interval.add((double) (connection.expiresAtNs() - nowNs), 2));
    return interval;
  }

  private static boolean mayEnd(Connection connection) {
    if (connection.hasAny(ConnectionStatus.OFFLOAD)) {
      return false;
    }
    return !connection.hasAny(ConnectionStatus.ASSURED) || connection.isClosing();
  }
}
