package dev.packetpath.conntrack.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The law of nodes that fall into buckets at random: Poisson's, thinned and added to. */
final class BucketLoadTest {
  private static final int BUCKETS = 64;
  private static final Offset<Double> CLOSE = within(1e-9);

  private static BucketLoad with(double nodes) {
    BucketLoad load = new BucketLoad(BUCKETS);
    load.change(0, nodes, nodes);
    return load;
  }

  private static void assertSame(BucketLoad found, BucketLoad expected) {
    assertThat(found.chanceOfRoom()).isEqualTo(expected.chanceOfRoom(), CLOSE);
    assertThat(found.chanceOfFirst()).isEqualTo(expected.chanceOfFirst(), CLOSE);
    assertThat(found.entriesWhereAny()).isEqualTo(expected.entriesWhereAny(), CLOSE);
  }

  @Test
  void anEmptyTableHasNoRoomToMake() {
    BucketLoad load = new BucketLoad(BUCKETS);
    assertThat(load.chanceOfRoom()).isZero();
    assertThat(load.chanceOfFirst()).isEqualTo(1.0 / 8);
    assertThat(load.entriesWhereAny()).isEqualTo(1);
  }

  /** Each entry has two nodes: 1 - exp(-16 entries / buckets), which a Linux 6.18 kernel fitted. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 1, 16, 64, 200})
  void theChanceOfRoomFollowsTheEntriesOfABucket(double entries) {
    BucketLoad load = with(2 * entries);
    double mean = 2 * entries / BUCKETS;
    double used = 1 - Math.exp(-mean);
    assertThat(load.chanceOfRoom()).isEqualTo(1 - Math.exp(-16 * entries / BUCKETS), CLOSE);
    assertThat(load.chanceOfFirst()).isEqualTo(used / load.chanceOfRoom(), within(1e-6));
    assertThat(load.entriesWhereAny()).isEqualTo(mean / used, within(1e-6));
  }

  @Test
  void nodesAddedInStepsAreLikeNodesAddedAtOnce() {
    BucketLoad steps = new BucketLoad(BUCKETS);
    for (int nodes = 1; nodes <= 100; nodes++) {
      steps.change(0, 1, nodes);
    }
    assertSame(steps, with(100));
  }

  @Test
  void nodesThatGoOneByOneLeaveTheSameLaw() {
    BucketLoad load = with(128);
    load.change(0, 0, 32);
    assertSame(load, with(32));
    load.change(0, 16, 32);
    assertSame(load, with(32));
    load.change(0, 0, 0);
    assertThat(load.chanceOfRoom()).isEqualTo(0, CLOSE);
  }

  /** An emptied bucket is one of those that had nodes, and the others keep theirs. */
  @Test
  void anEmptiedBucketTakesItsNodesAlong() {
    BucketLoad load = with(64);
    double used = 1 - Math.exp(-1);
    double kept = 1 - 8.0 / BUCKETS / used;
    load.change(8, 0, 64 * kept);
    assertThat(load.chanceOfRoom()).isEqualTo(1 - Math.pow(1 - used + 8.0 / BUCKETS, 8), CLOSE);
    assertThat(load.entriesWhereAny()).as("as many where any are").isEqualTo(1 / used, CLOSE);
  }

  @Test
  void moreBucketsThanHaveNodesAreNotEmptied() {
    BucketLoad load = with(64);
    load.change(1000, 0, 0);
    assertThat(load.chanceOfRoom()).isEqualTo(0, CLOSE);
    assertThat(load.entriesWhereAny()).isEqualTo(1);
  }
}
