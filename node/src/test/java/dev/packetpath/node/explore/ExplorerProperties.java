package dev.packetpath.node.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class ExplorerProperties {
  /**
   * A Service of n endpoints: n - 1 rules with probability 1/n, 1/(n-1), … as the kernel rounds.
   */
  @Property(tries = 50)
  void theSharesOfAServiceAddUpToOne(@ForAll @IntRange(min = 1, max = 100) int endpoints) {
    Exploration<Integer> exploration =
        Explorer.builder()
            .followChances(true)
            .build()
            .explore(
                decisions -> {
                  for (int i = 0; i < endpoints - 1; i++) {
                    long threshold = Math.round(0x8000_0000L / (double) (endpoints - i));
                    if (decisions.chance(threshold, i)) {
                      return i;
                    }
                  }
                  return endpoints - 1;
                },
                Function.identity());

    assertThat(exploration.outcomes()).hasSize(endpoints);
    assertThat(
            exploration.outcomes().stream()
                .map(Outcome::probability)
                .reduce(Probability.ZERO, Probability::plus))
        .isEqualTo(Probability.ONE);
    exploration
        .outcomes()
        .forEach(
            outcome ->
                assertThat(Double.parseDouble(outcome.probability().toDecimal(12)))
                    .isBetween(1.0 / endpoints - 1e-8, 1.0 / endpoints + 1e-8));
  }

  @Property(tries = 50)
  void theProbabilitiesAddUpToOneWithWhatWasLeftOut(
      @ForAll @IntRange(min = 1, max = 40) int limit, @ForAll long seed) {
    Exploration<Long> exploration =
        Explorer.builder()
            .followChances(true)
            .limit(limit)
            .build()
            .explore(
                decisions -> {
                  long state = seed;
                  for (int i = 0; i < 5; i++) {
                    long threshold = (state >>> 33) % 0x8000_0001L;
                    boolean yes = decisions.chance(threshold, i);
                    state = state * 6364136223846793005L + (yes ? 1442695040888963407L : 1);
                  }
                  return state & 3;
                },
                Function.identity());

    Probability sum =
        exploration.outcomes().stream()
            .map(Outcome::probability)
            .reduce(Probability.ZERO, Probability::plus);
    for (Exploration.LeftOut left : exploration.leftOut()) {
      sum = sum.plus(left.probability());
    }
    assertThat(sum).isEqualTo(Probability.ONE);
  }
}
