package dev.packetpath.conntrack.capacity;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.core.VirtualClock;
import java.util.List;

/**
 * Calculates when a table of connections is full, how many entries it has in which state, and how
 * many packets are lost, from the rate of new connections and what each of them does.
 *
 * <p>A full table behaves as in Linux 6.1: a new flow looks for unassured entries in eight buckets
 * and else is lost; the collector's next pass then ends unassured and closing entries down to 95%
 * of the limit. Numbers are expected values, exact while the table is not full.
 *
 * <pre>{@code
 * ConnectionProfile request = ConnectionProfile.tcp(1_000_000, 0); // answers in 1 ms, no keepalive
 * CapacityPrediction table = CapacityPrediction.of(ConntrackSettings.builder().max(131_072).build());
 * table.sustainablePerSecond(request); // 1,092
 * }</pre>
 */
public final class CapacityPrediction {
  private final ConntrackSettings settings;

  private CapacityPrediction(ConntrackSettings settings) {
    this.settings = settings;
  }

  /** Returns the prediction for a table's limit, buckets and timeouts. */
  public static CapacityPrediction of(ConntrackSettings settings) {
    return new CapacityPrediction(settings);
  }

  /**
   * Returns the most new connections a second that a table takes for ever without being full:
   * positive infinity if it has no limit.
   */
  public double sustainablePerSecond(ConnectionProfile profile) {
    if (settings.max() == 0) {
      return Double.POSITIVE_INFINITY;
    }
    return settings.max() / (entryNs(profile) / VirtualClock.NS_PER_SECOND);
  }

  /** Returns for how many nanoseconds one connection has an entry, in all. */
  public double entryNs(ConnectionProfile profile) {
    ProfileTimelines timelines = ProfileTimelines.record(profile, settings);
    double sum = 0;
    int step = timelines.firstFrom(0);
    while (step != Timeline.NO_STEP) {
      int next = Timeline.NO_STEP;
      for (Timeline.Segment segment : timelines.of(step).segments()) {
        sum += segment.durationNs();
        next = segment.last() ? segment.nextStep() : Timeline.NO_STEP;
      }
      step = next == Timeline.NO_STEP ? next : timelines.firstFrom(next);
    }
    return sum;
  }

  /**
   * Returns how the table fares under a load, from empty on. Costs some ten milliseconds a minute
   * of load.
   *
   * @param load the new connections
   * @param untilNs when to stop, nanoseconds since the start
   * @param sampleNs the time between two samples, nanoseconds, positive
   */
  public Occupancy predict(List<Arrivals> load, long untilNs, long sampleNs) {
    checkArgument(sampleNs > 0 && untilNs >= 0, "samples each %s ns until %s", sampleNs, untilNs);
    return new LoadForecast(settings, load, untilNs, sampleNs).run();
  }
}
