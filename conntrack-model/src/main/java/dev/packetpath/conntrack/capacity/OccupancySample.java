package dev.packetpath.conntrack.capacity;

import com.google.common.collect.ImmutableSortedMap;

/**
 * The table at one moment, and what was lost until then.
 *
 * @param timeNs the moment, nanoseconds since the start of the load
 * @param entries entries by state; a state without entries may be absent
 * @param packetsSent packets that came to the table since the start
 * @param packetsLost of those, packets dropped because the table was full
 * @param earlyDropped entries that were dropped to make room since the start
 */
public record OccupancySample(
    long timeNs,
    ImmutableSortedMap<EntryState, Double> entries,
    double packetsSent,
    double packetsLost,
    double earlyDropped) {
  /** Returns the number of entries in all states. */
  public double total() {
    return entries.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Returns the number of entries in a state. */
  public double in(EntryState state) {
    Double entriesIn = entries.get(state);
    return entriesIn == null ? 0 : entriesIn;
  }
}
