package dev.packetpath.bench;

import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Timeout;

/**
 * A table in which some UDP flows come and go, each for 30 seconds, while the other entries stay. A
 * batch of flows comes and as many end by turns.
 */
final class ChurningTable {
  /** How many flows come or go at a time. */
  static final int BATCH = 1_000;

  private static final long UDP_TIMEOUT_NS = 30_000_000_000L;
  private static final long YEARS_S = 1_000_000_000;

  private final TrackedFlows flows;
  private final int churning;
  private int next;

  ChurningTable(int entries, int churning) {
    this.churning = churning;
    this.flows =
        new TrackedFlows(
            ConntrackSettings.builder()
                .buckets(entries)
                .max(0)
                .seconds(Timeout.GENERIC, YEARS_S)
                .build());
    for (int flow = 0; flow < entries - churning; flow++) {
      flows.openOther(flow);
    }
    for (int i = 0; i < churning / BATCH; i++) {
      open();
      end();
    }
  }

  /** Opens a batch of flows, those that ended last, if they were there before. */
  int open() {
    for (int i = 0; i < BATCH; i++) {
      flows.openUdp(next);
      next = next + 1 == churning ? 0 : next + 1;
    }
    return flows.conntrack().size();
  }

  /** Lets the oldest batch of flows end. */
  int end() {
    return flows.advance(UDP_TIMEOUT_NS / churning * BATCH);
  }
}
