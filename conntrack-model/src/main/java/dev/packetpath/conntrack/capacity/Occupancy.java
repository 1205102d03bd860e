package dev.packetpath.conntrack.capacity;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * How a table fared under a load.
 *
 * @param samples the table at regular times, ascending
 * @param fullFromNs when a packet first found no room, nanoseconds since the start of the load;
 *     empty if all found room without dropping an entry
 */
public record Occupancy(ImmutableList<OccupancySample> samples, OptionalLong fullFromNs) {
  /** Returns the last sample. */
  public OccupancySample last() {
    return samples.get(samples.size() - 1);
  }

  /** Returns a table with a line for each sample: seconds, entries by state, packets lost. */
  public String toText() {
    TreeSet<EntryState> states = new TreeSet<>();
    samples.forEach(sample -> states.addAll(sample.entries().keySet()));
    StringBuilder text = new StringBuilder("seconds");
    states.forEach(state -> text.append(" | ").append(state));
    text.append(" | entries | lost\n");
    for (OccupancySample sample : samples) {
      text.append(String.format(Locale.ROOT, "%.1f", sample.timeNs() / 1e9));
      states.forEach(s -> text.append(String.format(Locale.ROOT, " | %.0f", sample.in(s))));
      text.append(
          String.format(Locale.ROOT, " | %.0f | %.0f%n", sample.total(), sample.packetsLost()));
    }
    return text.toString();
  }
}
