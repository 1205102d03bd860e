package dev.packetpath.conntrack.capacity;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.conntrack.CollectorInterval;
import dev.packetpath.conntrack.ConntrackSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/** One run of {@link CapacityPrediction}: the table in slices of time, entries as amounts. */
final class LoadForecast {
  private static final double LONGEST_SLICE_NS = 20e6;
  private static final double SHORTEST_SLICE_NS = 100e3;
  private static final int MOST_SLICES = 400_000;
  private static final double TURNOVER_OF_A_SLICE = 0.001;
  private static final int PERCENT_KEPT = 95;

  private final ConntrackSettings settings;
  private final long sampleNs;
  private final int samples;
  private final int slicesPerSample;
  private final double sliceNs;
  private final List<ProfileForecast> profiles = new ArrayList<>();
  private final Survival survival = new Survival();
  private final BucketLoad buckets;
  private double departedLast;
  private double earlyDropped;
  private double unmetSinceArmed;
  private boolean armed;
  private double nextPassNs = Double.NEGATIVE_INFINITY;
  private OptionalLong fullFromNs = OptionalLong.empty();

  LoadForecast(ConntrackSettings settings, List<Arrivals> load, long untilNs, long sampleNs) {
    this.settings = settings;
    this.sampleNs = sampleNs;
    this.samples = (int) (untilNs / sampleNs);
    double peak = load.stream().mapToDouble(Arrivals::perSecond).sum();
    double limit = settings.max() == 0 ? Double.MAX_VALUE : settings.max();
    double fine = TURNOVER_OF_A_SLICE * limit / peak * 1e9;
    double wanted = Math.max(SHORTEST_SLICE_NS, Math.min(LONGEST_SLICE_NS, fine));
    wanted = Math.max(wanted, (double) untilNs / MOST_SLICES);
    this.slicesPerSample = (int) Math.max(1, Math.ceil(sampleNs / wanted));
    this.sliceNs = (double) sampleNs / slicesPerSample;
    this.buckets = new BucketLoad(settings.buckets());
    int slices = samples * slicesPerSample;
    load.forEach(
        arrivals ->
            profiles.add(
                new ProfileForecast(
                    arrivals,
                    ProfileTimelines.record(arrivals.profile(), settings),
                    sliceNs,
                    slices)));
  }

  Occupancy run() {
    ImmutableList.Builder<OccupancySample> result = ImmutableList.builder();
    for (int sample = 1; sample <= samples; sample++) {
      for (int i = 0; i < slicesPerSample; i++) {
        advance((sample - 1) * slicesPerSample + i);
      }
      result.add(sample(sample * sampleNs));
    }
    return new Occupancy(result.build(), fullFromNs);
  }

  private void advance(int slice) {
    double timeNs = slice * sliceNs;
    double attempts = 0;
    double displaced = 0;
    for (ProfileForecast profile : profiles) {
      attempts += profile.attempts(slice);
      displaced += profile.displaced(slice);
    }
    double unassured = alive(Timeline.Hold.UNASSURED);
    double limit = settings.max() == 0 ? Double.MAX_VALUE : settings.max();
    double room = Math.max(0, limit - total() + departedLast);
    double admitted = Math.min(attempts, room);
    double dropped = 0;
    double searches = 0;
    if (attempts > room) {
      noteFull(timeNs);
      double chance = buckets.chanceOfRoom();
      double found = buckets.entriesWhereAny();
      searches = (attempts - room) / (1 + chance * (found - 1));
      double returned = Math.min(1, displaced / attempts) * searches;
      double met = returned * (1 - chance) * buckets.chanceOfFirst();
      dropped = Math.min(searches * chance * found + met, unassured);
      searches = searches * chance + met;
      admitted += Math.min(attempts - room, dropped);
      unmetSinceArmed += attempts - admitted;
    }
    earlyDropped += dropped;
    survival.lose(Timeline.Hold.UNASSURED, unassured, dropped);
    collect(timeNs, unassured - dropped);
    double share = attempts > 0 ? admitted / attempts : 1;
    double departed = 0;
    for (ProfileForecast profile : profiles) {
      departed += profile.advance(slice, share, survival);
    }
    departedLast = departed;
    buckets.change(searches, 2 * admitted, 2 * alive(Timeline.Hold.UNASSURED));
    survival.rescale(profiles);
  }

  private void noteFull(double timeNs) {
    if (fullFromNs.isEmpty()) {
      fullFromNs = OptionalLong.of(Math.round(timeNs));
    }
  }

  /** Runs the collector's pass if it is due. */
  private void collect(double timeNs, double unassured) {
    if (!armed && unmetSinceArmed >= 1) {
      armed = true;
      if (nextPassNs <= timeNs) {
        nextPassNs = timeNs + intervalNs() / 2;
      }
    }
    if (!armed || timeNs < nextPassNs) {
      return;
    }
    double surplus = total() - settings.max() / 100 * PERCENT_KEPT + 1;
    double closing = alive(Timeline.Hold.CLOSING);
    double ended = Math.max(0, Math.min(surplus, unassured + closing));
    double ofUnassured = ended * unassured / Math.max(1, unassured + closing);
    survival.lose(Timeline.Hold.UNASSURED, unassured, ofUnassured);
    survival.lose(Timeline.Hold.CLOSING, closing, ended - ofUnassured);
    earlyDropped += ended;
    armed = false;
    unmetSinceArmed = 0;
    nextPassNs = timeNs + intervalNs();
  }

  private double intervalNs() {
    CollectorInterval interval = new CollectorInterval();
    profiles.forEach(profile -> profile.addTo(interval, survival));
    return interval.meanNs();
  }

  private double total() {
    double sum = 0;
    for (Timeline.Hold hold : Timeline.Hold.values()) {
      sum += alive(hold);
    }
    return sum;
  }

  private double alive(Timeline.Hold hold) {
    double sum = 0;
    for (ProfileForecast profile : profiles) {
      sum += profile.alive(hold, survival);
    }
    return sum;
  }

  private OccupancySample sample(long timeNs) {
    TreeMap<EntryState, Double> entries = new TreeMap<>();
    double sent = 0;
    double lost = 0;
    for (ProfileForecast profile : profiles) {
      profile.addTo(entries, survival);
      sent += profile.packetsSent();
      lost += profile.packetsLost();
    }
    return new OccupancySample(
        timeNs, ImmutableSortedMap.copyOfSorted(entries), sent, lost, earlyDropped);
  }
}
