package dev.packetpath.conntrack.capacity;

import dev.packetpath.conntrack.CollectorInterval;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The connections of one stream of arrivals in a {@link LoadForecast}. */
final class ProfileForecast {
  private final Arrivals arrivals;
  private final ProfileTimelines timelines;
  private final double sliceNs;
  private final Schedule[] retries;
  private final Schedule[] resumed;
  private final Schedule displaced;
  private final List<List<SegmentFlow>> flows = new ArrayList<>();
  private final Schedule later;
  private double sent;
  private double lost;

  ProfileForecast(Arrivals arrivals, ProfileTimelines timelines, double sliceNs, int slices) {
    this.arrivals = arrivals;
    this.timelines = timelines;
    this.sliceNs = sliceNs;
    int steps = timelines.byStep().size();
    this.retries = schedules(arrivals.profile().retriesNs().size() + 1, slices);
    this.resumed = schedules(steps, slices);
    this.later = new Schedule(slices);
    this.displaced = new Schedule(slices);
    for (Timeline timeline : timelines.byStep()) {
      List<SegmentFlow> ofStep = new ArrayList<>();
      timeline.segments().forEach(segment -> ofStep.add(new SegmentFlow(segment, sliceNs)));
      flows.add(ofStep);
    }
  }

  private static Schedule[] schedules(int count, int slices) {
    Schedule[] schedules = new Schedule[count];
    for (int i = 0; i < count; i++) {
      schedules[i] = new Schedule(slices);
    }
    return schedules;
  }

  /** Returns how many packets look for room in a slice. */
  double attempts(int slice) {
    if (!timelines.of(0).makesEntry()) {
      return 0;
    }
    retries[0].add(slice, arriving(slice));
    double sum = 0;
    for (Schedule retry : retries) {
      sum += retry.at(slice);
    }
    for (Schedule schedule : resumed) {
      sum += schedule.at(slice);
    }
    return sum;
  }

  /** Returns how many of the attempts follow the loss of an entry to a full table. */
  double displaced(int slice) {
    return displaced.at(slice);
  }

  private double arriving(int slice) {
    double from = Math.max(slice * sliceNs, (double) arrivals.fromNs());
    double until = Math.min((slice + 1) * sliceNs, (double) arrivals.untilNs());
    return Math.max(0, until - from) / 1e9 * arrivals.perSecond();
  }

  /**
   * Lets a slice pass in which a share of the packets found room; returns how many entries ended.
   */
  double advance(int slice, double share, Survival survival) {
    double first = 0;
    for (int attempt = 0; attempt < retries.length; attempt++) {
      double tried = retries[attempt].at(slice);
      double refused = tried * (1 - share);
      first += tried - refused;
      lost += refused;
      sent += refused;
      if (attempt + 1 < retries.length) {
        retries[attempt + 1].add(slice, refused, pauseBefore(attempt) / sliceNs);
      }
    }
    start(slice, first);
    double ended = 0;
    for (int step = 0; step < flows.size(); step++) {
      double again = resumed[step].at(slice);
      refuse(slice, again * (1 - share), step);
      ended += pass(slice, step, (step == 0 ? first : 0) + again * share, survival);
    }
    return ended;
  }

  /** Loses a packet of connections without an entry, and those that follow at the same moment. */
  private void refuse(int slice, double amount, int step) {
    int at = step;
    while (amount > 0 && at < flows.size()) {
      lost += timelines.of(at).makesEntry() ? amount : 0;
      at++;
      if (at < flows.size() && timelines.between(step, at) > 0) {
        resume(slice, amount, at, (double) timelines.between(at - 1, at));
        return;
      }
    }
  }

  private long pauseBefore(int attempt) {
    List<Long> at = arrivals.profile().retriesNs();
    return at.get(attempt) - (attempt == 0 ? 0 : at.get(attempt - 1));
  }

  /** Counts the packets of connections that begin now. */
  private void start(int slice, double amount) {
    for (ProfilePacket packet : arrivals.profile().packets()) {
      later.add(slice, amount, packet.offsetNs() / sliceNs);
    }
    sent += later.at(slice);
  }

  /** Moves the entries that a step makes; returns how many of them ended. */
  private double pass(int slice, int step, double entering, Survival survival) {
    double ended = 0;
    double amount = entering;
    for (SegmentFlow flow : flows.get(step)) {
      Timeline.Segment segment = flow.segment;
      double share = survival.of(segment.hold());
      flow.enter(amount, share);
      double alive = flow.leaves(share);
      double dropped = Math.max(0, flow.due() - alive);
      if (segment.lostStep() != Timeline.NO_STEP) {
        resume(slice, dropped, segment.lostStep(), (double) segment.lostDelayNs());
        displaced.add(slice + 1, dropped);
      }
      if (segment.last()) {
        ended += alive;
        if (segment.nextStep() != Timeline.NO_STEP) {
          resume(slice, alive, segment.nextStep(), (double) segment.nextDelayNs());
        }
      }
      amount = alive;
    }
    return ended;
  }

  /**
   * Lets connections without an entry go on with a packet; the next that makes one looks for room.
   */
  private void resume(int slice, double amount, int step, double delayNs) {
    int entry = timelines.firstFrom(step);
    if (entry != Timeline.NO_STEP && amount > 1e-12) {
      double ns = delayNs + timelines.between(step, entry);
      resumed[entry].add(slice, amount, Math.max(1, ns / sliceNs));
    }
  }

  double alive(Timeline.Hold hold, Survival survival) {
    double sum = 0;
    for (List<SegmentFlow> ofStep : flows) {
      for (SegmentFlow flow : ofStep) {
        if (flow.segment.hold() == hold) {
          sum += flow.alive(survival.of(hold));
        }
      }
    }
    return sum;
  }

  void addTo(Map<EntryState, Double> entries, Survival survival) {
    for (List<SegmentFlow> ofStep : flows) {
      for (SegmentFlow flow : ofStep) {
        double alive = flow.alive(survival.of(flow.segment.hold()));
        if (alive > 1e-9) {
          entries.merge(flow.segment.state(), alive, Double::sum);
        }
      }
    }
  }

  void addTo(CollectorInterval interval, Survival survival) {
    for (List<SegmentFlow> ofStep : flows) {
      for (SegmentFlow flow : ofStep) {
        flow.addTo(interval, survival.of(flow.segment.hold()), sliceNs);
      }
    }
  }

  void rescale(Timeline.Hold hold, double share) {
    for (List<SegmentFlow> ofStep : flows) {
      for (SegmentFlow flow : ofStep) {
        if (flow.segment.hold() == hold) {
          flow.rescale(share);
        }
      }
    }
  }

  double packetsSent() {
    return sent;
  }

  double packetsLost() {
    return lost;
  }
}
