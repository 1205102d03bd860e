package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FoundAheadTest {
  private final ChainIndex index = new ChainIndex.None();
  private final FoundAhead ahead = new FoundAhead();

  @BeforeEach
  void findForThreePackets() {
    ahead.begin(index, 3);
    ahead.add(7, 70);
    ahead.add(8, 80);
    ahead.add(7, 71);
  }

  @Test
  void packetsComeInTheirOrder() {
    assertThat(ahead.count()).isEqualTo(3);
    assertThat(ahead.found(1)).isEqualTo(80);
    assertKnown(7, 70);
    assertKnown(8, 80);
    assertKnown(7, 71);
    assertThat(ahead.knows(index, 7)).isFalse();
  }

  @Test
  void packetsThatDoNotComeArePassedOver() {
    assertKnown(8, 80);
    assertKnown(7, 71);
  }

  @Test
  void packetsBetweenThemAreNotKnownAndLeaveTheOthersKnown() {
    assertThat(ahead.knows(index, 9)).isFalse();
    assertKnown(7, 70);
    assertThat(ahead.knows(index, 9)).isFalse();
    assertKnown(8, 80);
  }

  @Test
  void anotherIndexKnowsNothing() {
    ChainIndex other = new ChainIndex.None();
    assertThat(ahead.knows(other, 7)).isFalse();
    assertKnown(7, 70);
    ahead.begin(other, 1);
    ahead.add(7, 700);
    assertThat(ahead.knows(index, 7)).isFalse();
  }

  @Test
  void whatIsBegunForgetsWhatWasFoundBefore() {
    ahead.begin(index, 5);

    assertThat(ahead.count()).isZero();
    assertThat(ahead.knows(index, 7)).isFalse();
  }

  private void assertKnown(long key, long found) {
    assertThat(ahead.knows(index, key)).isTrue();
    assertThat(ahead.last()).isEqualTo(found);
  }
}
