package dev.packetpath.conntrack.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.packetpath.conntrack.CollectorInterval;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpProtocol;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What enters a stretch leaves it when its time is over, less what was lost meanwhile. */
final class SegmentFlowTest {
  private static final Offset<Double> CLOSE = within(1e-9);
  private static final double SECOND = VirtualClock.NS_PER_SECOND;

  private static SegmentFlow lasting(double seconds) {
    EntryState state = new EntryState(IpProtocol.UDP, "", false, false);
    long durationNs = Math.round(seconds * SECOND);
    return new SegmentFlow(
        new Timeline.Segment(
            state,
            Timeline.Hold.UNASSURED,
            durationNs,
            Math.round(10 * SECOND),
            true,
            Timeline.NO_STEP,
            0,
            Timeline.NO_STEP,
            0),
        SECOND);
  }

  @Test
  void entriesLeaveAfterTheLengthOfTheStretch() {
    SegmentFlow flow = lasting(3);
    for (int slice = 0; slice < 3; slice++) {
      flow.enter(10 + slice, 1);
      assertThat(flow.leaves(1)).isZero();
      assertThat(flow.due()).isZero();
    }
    assertThat(flow.alive(1)).isEqualTo(33, CLOSE);
    flow.enter(0, 1);
    assertThat(flow.leaves(1)).isEqualTo(10, CLOSE);
    flow.enter(0, 1);
    assertThat(flow.leaves(1)).isEqualTo(11, CLOSE);
    assertThat(flow.alive(1)).isEqualTo(12, CLOSE);
  }

  /** Of a stretch of two slices and a half, half of a slice's entries leave in the third one. */
  @Test
  void aSliceIsCutWhereTheStretchEnds() {
    SegmentFlow flow = lasting(2.5);
    flow.enter(10, 1);
    flow.enter(20, 1);
    flow.enter(40, 1);
    assertThat(flow.leaves(1)).isEqualTo(5, CLOSE);
    assertThat(flow.alive(1)).isEqualTo(65, CLOSE);
    flow.enter(0, 1);
    assertThat(flow.leaves(1)).isEqualTo(15, CLOSE);
    assertThat(flow.due()).isEqualTo(15, CLOSE);
  }

  /** Half of all is lost after the first slice: the later ones are not concerned. */
  @Test
  void whatWasLostDoesNotLeave() {
    SegmentFlow flow = lasting(2);
    flow.enter(10, 1);
    flow.enter(10, 0.5);
    assertThat(flow.alive(0.5)).isEqualTo(15, CLOSE);
    flow.enter(0, 0.5);
    assertThat(flow.leaves(0.5)).isEqualTo(5, CLOSE);
    assertThat(flow.due()).as("with what was lost").isEqualTo(10, CLOSE);
    flow.enter(0, 0.5);
    assertThat(flow.leaves(0.5)).isEqualTo(10, CLOSE);
  }

  @Test
  void sharesCanBeginAnew() {
    SegmentFlow flow = lasting(2);
    flow.enter(10, 1);
    flow.enter(10, 0.5);
    flow.rescale(0.5);
    assertThat(flow.alive(1)).isEqualTo(15, CLOSE);
    assertThat(flow.due()).isZero();
  }

  @Test
  void aStretchOfManySlicesForgetsNone() {
    SegmentFlow flow = lasting(500);
    double sum = 0;
    for (int slice = 1; slice <= 500; slice++) {
      flow.enter(slice, 1);
      sum += slice;
      assertThat(flow.alive(1)).isEqualTo(sum, CLOSE);
    }
    flow.enter(0, 1);
    assertThat(flow.leaves(1)).isEqualTo(1, CLOSE);
  }

  /** Entries of 10 s are 2.5, 1.5 and 0.5 s old in the middle of their slices. */
  @Test
  void theCollectorMeetsEachEntryTwiceWithWhatItHasLeft() {
    SegmentFlow flow = lasting(3);
    flow.enter(1_000, 1);
    flow.enter(100, 1);
    flow.enter(50, 1);
    flow.enter(25, 1);
    CollectorInterval found = new CollectorInterval();
    flow.addTo(found, 1, SECOND);
    CollectorInterval expected = new CollectorInterval();
    expected.add(7.5 * SECOND, 200);
    expected.add(8.5 * SECOND, 100);
    expected.add(9.5 * SECOND, 50);
    assertThat(found.meanNs()).isEqualTo(expected.meanNs());
  }
}
