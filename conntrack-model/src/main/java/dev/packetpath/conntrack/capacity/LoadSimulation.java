package dev.packetpath.conntrack.capacity;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.ConntrackStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * A load sent packet by packet through the model of the kernel's table: the slow answer, against
 * which {@link CapacityPrediction} is held. One seed gives one result; costs some microseconds a
 * packet.
 */
public final class LoadSimulation {
  private record Event(long timeNs, long number, int arrivals, int step, int attempt, long startNs)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(timeNs, other.timeNs);
      int byNumber = byTime != 0 ? byTime : Long.compare(number, other.number);
      return byNumber != 0 ? byNumber : Integer.compare(step, other.step);
    }
  }

  private final List<Arrivals> load;
  private final TableRig rig;
  private final PriorityQueue<Event> queue = new PriorityQueue<>();
  private final SplittableRandom random;
  private final long[] arrived;
  private long nextNumber;
  private long sent;
  private long lost;
  private OptionalLong fullFromNs = OptionalLong.empty();

  private LoadSimulation(ConntrackSettings settings, List<Arrivals> load, long seed) {
    this.load = load;
    this.rig = new TableRig(settings, seed);
    this.random = new SplittableRandom(seed);
    this.arrived = new long[load.size()];
  }

  /**
   * Returns how a table fares under a load.
   *
   * @param settings the table's limit, buckets and timeouts
   * @param load the new connections
   * @param untilNs when to stop, nanoseconds since the start
   * @param sampleNs the time between two samples, nanoseconds, positive
   * @param seed of the random draws
   */
  public static Occupancy run(
      ConntrackSettings settings, List<Arrivals> load, long untilNs, long sampleNs, long seed) {
    checkArgument(sampleNs > 0 && untilNs >= 0, "samples each %s ns until %s", sampleNs, untilNs);
    return new LoadSimulation(settings, load, seed).run(untilNs, sampleNs);
  }

  private Occupancy run(long untilNs, long sampleNs) {
    for (int i = 0; i < load.size(); i++) {
      arrive(i);
    }
    ImmutableList.Builder<OccupancySample> samples = ImmutableList.builder();
    for (long atNs = sampleNs; atNs <= untilNs; atNs += sampleNs) {
      Event event = queue.peek();
      while (event != null && event.timeNs <= atNs) {
        queue.remove();
        send(event);
        event = queue.peek();
      }
      rig.clock().advanceTo(atNs);
      samples.add(sample(atNs));
    }
    return new Occupancy(samples.build(), fullFromNs);
  }

  private void arrive(int index) {
    Arrivals arrivals = load.get(index);
    double place = arrived[index]++ + random.nextDouble();
    long timeNs = arrivals.fromNs() + Math.round(place * 1e9 / arrivals.perSecond());
    if (timeNs < arrivals.untilNs()) {
      queue.add(new Event(timeNs, nextNumber++, index, 0, 0, timeNs));
    }
  }

  private void send(Event event) {
    ConnectionProfile profile = load.get(event.arrivals).profile();
    rig.clock().advanceTo(event.timeNs);
    boolean passed = rig.send(profile, profile.packets().get(event.step), event.number);
    sent++;
    lost += passed ? 0 : 1;
    noteFull(event.timeNs);
    if (event.step == 0 && event.attempt == 0) {
      arrive(event.arrivals);
    }
    if (event.step == 0 && !passed) {
      if (event.attempt < profile.retriesNs().size()) {
        long againNs = event.startNs + profile.retriesNs().get(event.attempt);
        queue.add(
            new Event(againNs, event.number, event.arrivals, 0, event.attempt + 1, event.startNs));
      }
      return;
    }
    int next = event.step + 1;
    if (next < profile.packets().size()) {
      long pauseNs =
          profile.packets().get(next).offsetNs() - profile.packets().get(event.step).offsetNs();
      queue.add(
          new Event(event.timeNs + pauseNs, event.number, event.arrivals, next, 0, event.startNs));
    }
  }

  private void noteFull(long timeNs) {
    if (fullFromNs.isEmpty()) {
      ConntrackStatistics statistics = rig.conntrack().statistics();
      if (statistics.drop() + statistics.earlyDrop() > 0) {
        fullFromNs = OptionalLong.of(timeNs);
      }
    }
  }

  private OccupancySample sample(long atNs) {
    Map<EntryState, Double> entries = new HashMap<>();
    rig.conntrack()
        .forEach(connection -> entries.merge(EntryState.of(connection), 1.0, Double::sum));
    return new OccupancySample(
        atNs,
        ImmutableSortedMap.copyOf(entries),
        sent,
        lost,
        rig.conntrack().statistics().earlyDrop());
  }
}
