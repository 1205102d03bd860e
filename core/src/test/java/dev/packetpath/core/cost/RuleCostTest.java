package dev.packetpath.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.google.common.collect.ImmutableList;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RuleCostTest {
  private static final RuleCost RISING =
      new RuleCost(
          4,
          ImmutableList.of(
              new RuleCost.Level(1_000, 4),
              new RuleCost.Level(4_000, 10),
              new RuleCost.Level(16_000, 12)),
          Provenance.MEASURED,
          "here");

  /** A cache of the least recently used that holds 1,000 bytes, and nothing in between. */
  private static final RuleCost CLIFF =
      RISING.withLevels(ImmutableList.of(new RuleCost.Level(1_000, 14)));

  /** Two caches that keep a part of what does not fit. */
  private static final RuleCost CACHES =
      new RuleCost(
          4,
          ImmutableList.of(new RuleCost.Level(1_000, 14), new RuleCost.Level(4_000, 54)),
          RuleCost.Rise.SHARE,
          Provenance.FITTED,
          "");

  @Test
  void aCacheHoldsTheShareThatFits() {
    assertThat(CACHES.ns(1_000)).isEqualTo(4);
    assertThat(CACHES.ns(2_000)).isCloseTo(4 + 10 * 0.5, offset(1e-9));
    assertThat(CACHES.ns(4_000)).isCloseTo(4 + 10 * 0.75, offset(1e-9));
    assertThat(CACHES.ns(10_000)).isCloseTo(4 + 10 * 0.9 + 40 * 0.6, offset(1e-9));
  }

  @Test
  void inTheCacheARuleCostsTheSameEverywhere() {
    assertThat(RISING.ns(0)).isEqualTo(4);
    assertThat(RISING.ns(999)).isEqualTo(4);
    assertThat(RISING.uniformNs(1_000)).isEqualTo(4);
    assertThat(RuleCost.constant(7, Provenance.ASSUMED, "").ns(1e12)).isEqualTo(7);
    assertThat(RuleCost.constant(7, Provenance.ASSUMED, "").uniformNs(1e12)).isEqualTo(7);
  }

  @Test
  void betweenLevelsItRisesWithTheLogarithmAndBeyondTheLastNoMore() {
    assertThat(RISING.ns(2_000)).isCloseTo(7, offset(1e-9));
    assertThat(RISING.ns(4_000)).isCloseTo(10, offset(1e-9));
    assertThat(RISING.ns(8_000)).isCloseTo(11, offset(1e-9));
    assertThat(RISING.ns(16_000)).isEqualTo(12);
    assertThat(RISING.ns(1e9)).isEqualTo(12);
  }

  @ParameterizedTest
  @ValueSource(doubles = {500, 1_500, 4_000, 6_000, 50_000})
  void theMeanOverEvenlySpreadPlacesIsTheIntegralOfItsDistances(double bytes) {
    for (RuleCost cost : ImmutableList.of(RISING, CLIFF, CACHES)) {
      int steps = 200_000;
      double sum = 0;
      for (int i = 0; i < steps; i++) {
        double u = (i + 0.5) / steps;
        sum += 2 * u * cost.ns(u * bytes) / steps;
      }
      assertThat(cost.uniformNs(bytes)).isCloseTo(sum, offset(1e-3));
    }
  }

  /** Walks through a cache of the least recently used tell what share of the rules misses. */
  @ParameterizedTest
  @ValueSource(ints = {50, 100, 125, 200, 400})
  void walksThroughACacheMissAsOftenAsThatSays(int rules) {
    int held = 100;
    int bytes = 10;
    LastUsed cache = new LastUsed(held);
    Random random = new Random(1);
    for (int walk = 0; walk < 200; walk++) {
      cache.walk(1 + random.nextInt(rules));
    }
    cache.uses = 0;
    cache.misses = 0;
    for (int walk = 0; walk < 4_000; walk++) {
      cache.walk(1 + random.nextInt(rules));
    }
    double mean = 4 + 10.0 * cache.misses / cache.uses;
    assertThat(CLIFF.uniformNs((double) rules * bytes)).isCloseTo(mean, offset(0.15));
  }

  @Test
  void levelsHaveToAscend() {
    assertThatThrownBy(
            () ->
                RISING.withLevels(
                    ImmutableList.of(new RuleCost.Level(9, 1), new RuleCost.Level(9, 2))))
        .hasMessage("level of 9 bytes behind one of 9, expected more");
    assertThatThrownBy(() -> new RuleCost.Level(0, 1)).hasMessageContaining("at least 1");
    assertThatThrownBy(() -> new RuleCost.Level(1, -1)).hasMessageContaining("0 or more");
    assertThatThrownBy(() -> RuleCost.constant(Double.NaN, Provenance.FITTED, ""))
        .hasMessageContaining("0 or more");
  }

  /** Keeps the rules that were used last, and counts the others' uses. */
  private static final class LastUsed {
    private final int held;
    private final TreeMap<Long, Integer> byTime = new TreeMap<>();
    private final long[] times = new long[1_000];
    private long now;
    private long uses;
    private long misses;

    LastUsed(int held) {
      this.held = held;
    }

    void walk(int rules) {
      for (int rule = 0; rule < rules; rule++) {
        uses++;
        if (times[rule] == 0 || byTime.remove(times[rule]) == null) {
          misses++;
          if (byTime.size() == held) {
            byTime.pollFirstEntry();
          }
        }
        now++;
        times[rule] = now;
        byTime.put(now, rule);
      }
    }
  }
}
