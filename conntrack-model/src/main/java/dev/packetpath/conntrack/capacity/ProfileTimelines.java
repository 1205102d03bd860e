package dev.packetpath.conntrack.capacity;

import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Timeout;
import java.util.stream.IntStream;

/**
 * The lives of the entries of a profile, by the packet that makes them.
 *
 * @param profile the profile
 * @param byStep the life that begins with each packet
 */
record ProfileTimelines(ConnectionProfile profile, ImmutableList<Timeline> byStep) {
  /** Records all lives in a table without limit. */
  static ProfileTimelines record(ConnectionProfile profile, ConntrackSettings settings) {
    ConntrackSettings unlimited = withoutLimit(settings);
    return new ProfileTimelines(
        profile,
        IntStream.range(0, profile.packets().size())
            .mapToObj(step -> Timeline.record(profile, step, unlimited))
            .collect(ImmutableList.toImmutableList()));
  }

  private static ConntrackSettings withoutLimit(ConntrackSettings settings) {
    ConntrackSettings.Builder copy =
        ConntrackSettings.builder()
            .max(0)
            .buckets(64)
            .tcpLoose(settings.tcpLoose())
            .tcpBeLiberal(settings.tcpBeLiberal())
            .tcpIgnoreInvalidRst(settings.tcpIgnoreInvalidRst())
            .tcpMaxRetrans(settings.tcpMaxRetrans());
    for (Timeout timeout : Timeout.values()) {
      copy.seconds(timeout, settings.seconds(timeout));
    }
    return copy.build();
  }

  Timeline of(int step) {
    return byStep.get(step);
  }

  /** Returns the first packet from one on that makes an entry, NO_STEP if none does. */
  int firstFrom(int step) {
    for (int at = step; at < byStep.size(); at++) {
      if (byStep.get(at).makesEntry()) {
        return at;
      }
    }
    return Timeline.NO_STEP;
  }

  /** Returns the time from one packet to another in nanoseconds. */
  long between(int step, int later) {
    return profile.packets().get(later).offsetNs() - profile.packets().get(step).offsetNs();
  }
}
