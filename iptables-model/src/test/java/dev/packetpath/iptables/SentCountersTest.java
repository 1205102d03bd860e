package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SentCountersTest {
  private static final int RULE = 1;

  private final SentCounters counters = new SentCounters(3);

  @Test
  void countsMorePacketsThanAWordHasRoomFor() {
    int packets = (1 << 24) + 5;
    send(counters, packets, 40);

    assertThat(counters.of(RULE)).isEqualTo(new Counters(packets, 40L * packets));
    assertThat(counters.of(0)).isEqualTo(Counters.ZERO);
    assertThat(counters.of(2)).isEqualTo(Counters.ZERO);
  }

  @Test
  void countsMoreBytesThanAWordHasRoomFor() {
    send(counters, 1_000, Integer.MAX_VALUE);

    assertThat(counters.of(RULE)).isEqualTo(new Counters(1_000, 1_000L * Integer.MAX_VALUE));
  }

  @Test
  void startsAgainAt0OnceTaken() {
    send(counters, 1_000, Integer.MAX_VALUE);

    assertThat(counters.take(RULE)).isEqualTo(new Counters(1_000, 1_000L * Integer.MAX_VALUE));
    assertThat(counters.of(RULE)).isEqualTo(Counters.ZERO);
  }

  @Test
  void addsWhatOthersCounted() {
    SentCounters others = new SentCounters(3);
    send(counters, 70, 40);
    send(others, 1_000, Integer.MAX_VALUE);
    others.sent(2, 50);

    counters.add(others);

    assertThat(counters.of(RULE))
        .isEqualTo(new Counters(1_070, 1_000L * Integer.MAX_VALUE + 70 * 40));
    assertThat(counters.of(2)).isEqualTo(new Counters(1, 50));
    assertThat(others.of(2)).isEqualTo(new Counters(1, 50));
  }

  @Test
  void keepsWhatWasCountedAsRulesAreAdded() {
    send(counters, 3, 40);

    counters.grow(5);
    counters.sent(4, 60);

    assertThat(counters.of(RULE)).isEqualTo(new Counters(3, 120));
    assertThat(counters.of(4)).isEqualTo(new Counters(1, 60));
  }

  private static void send(SentCounters counters, int packets, int bytes) {
    for (int i = 0; i < packets; i++) {
      counters.sent(RULE, bytes);
    }
  }
}
