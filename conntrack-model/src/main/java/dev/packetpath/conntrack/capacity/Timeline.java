package dev.packetpath.conntrack.capacity;

import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.ConntrackSettings;
import java.util.List;

/**
 * The life of the entry that a connection gets when one of its packets finds none, up to its end by
 * time or by a packet. Recorded by sending the packets through a table of their own, so that the
 * protocols' states are known in one place only.
 *
 * @param segments the stretches between two packets; none if the packet makes no entry
 */
record Timeline(ImmutableList<Segment> segments) {
  /** No step: nothing is sent any more. */
  static final int NO_STEP = -1;

  /** Which entries a full table may end. */
  enum Hold {
    /** By every packet that looks for room, and by the collector. */
    UNASSURED,
    /** By the collector alone. */
    CLOSING,
    /** Not at all. */
    SAFE
  }

  /**
   * A stretch of an entry's life without a packet.
   *
   * @param state what the entry is counted by
   * @param hold whether it may be ended
   * @param durationNs how long it lasts
   * @param leftNs how long the entry would live from the start of the stretch on, if no packet came
   * @param last whether the entry ends with it
   * @param lostStep which packet comes next for a connection whose entry was dropped meanwhile
   * @param lostDelayNs when that comes, after the end of the stretch
   * @param nextStep which packet comes next after the entry ended by itself; of a last segment
   * @param nextDelayNs when that comes, after the end of the stretch
   */
  record Segment(
      EntryState state,
      Hold hold,
      long durationNs,
      long leftNs,
      boolean last,
      int lostStep,
      long lostDelayNs,
      int nextStep,
      long nextDelayNs) {}

  boolean makesEntry() {
    return !segments.isEmpty();
  }

  /** Records what follows when a packet of a profile is the first one to be seen. */
  static Timeline record(ConnectionProfile profile, int first, ConntrackSettings settings) {
    TableRig rig = new TableRig(settings, 0);
    List<ProfilePacket> packets = profile.packets();
    long startNs = packets.get(first).offsetNs();
    ImmutableList.Builder<Segment> segments = ImmutableList.builder();
    for (int step = first; step < packets.size(); step++) {
      rig.send(profile, packets.get(step), 0);
      if (rig.conntrack().size() == 0) {
        return new Timeline(endedBy(segments.build(), packets, step));
      }
      Connection connection = rig.conntrack().connections().get(0);
      long leftNs = connection.expiresAtNs() - rig.clock().nowNs();
      int next = step + 1 < packets.size() ? step + 1 : NO_STEP;
      long pauseNs =
          next == NO_STEP
              ? Long.MAX_VALUE
              : packets.get(next).offsetNs() - packets.get(step).offsetNs();
      boolean expires = leftNs <= pauseNs;
      long delayNs = expires && next != NO_STEP ? pauseNs - leftNs : 0;
      segments.add(
          new Segment(
              EntryState.of(connection),
              holdOf(connection),
              expires ? leftNs : pauseNs,
              leftNs,
              expires,
              next,
              delayNs,
              next,
              delayNs));
      if (expires) {
        return new Timeline(segments.build());
      }
      rig.clock().advanceTo(packets.get(next).offsetNs() - startNs);
    }
    throw new IllegalStateException("an entry that does not end: " + profile);
  }

  /** The packet that ended the entry is the last of what it saw. */
  private static ImmutableList<Segment> endedBy(
      ImmutableList<Segment> segments, List<ProfilePacket> packets, int step) {
    if (segments.isEmpty()) {
      return segments;
    }
    Segment end = segments.get(segments.size() - 1);
    int next = step + 1 < packets.size() ? step + 1 : NO_STEP;
    long delayNs =
        next == NO_STEP ? 0 : packets.get(next).offsetNs() - packets.get(step).offsetNs();
    return ImmutableList.<Segment>builder()
        .addAll(segments.subList(0, segments.size() - 1))
        .add(
            new Segment(
                end.state(),
                end.hold(),
                end.durationNs(),
                end.leftNs(),
                true,
                end.lostStep(),
                end.lostDelayNs(),
                next,
                delayNs))
        .build();
  }

  private static Hold holdOf(Connection connection) {
    if (!EntryState.of(connection).assured()) {
      return Hold.UNASSURED;
    }
    return connection.isClosing() ? Hold.CLOSING : Hold.SAFE;
  }
}
