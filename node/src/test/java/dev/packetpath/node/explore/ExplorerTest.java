package dev.packetpath.node.explore;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.Decisions;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ExplorerTest {
  private static final Explorer ALL = Explorer.builder().followChances(true).build();

  private static Exploration<String> explore(Explorer explorer, Function<Decisions, String> run) {
    return explorer.explore(run, Function.identity());
  }

  private static Probability half() {
    return Probability.below(1L << 30);
  }

  @Test
  void whatAsksNothingHasOneOutcome() {
    Exploration<String> exploration = explore(ALL, decisions -> "x");

    assertThat(exploration.outcomes())
        .containsExactly(new Outcome<>(ImmutableMap.of(), Probability.ONE, "x"));
    assertThat(exploration.runs()).isEqualTo(1);
    assertThat(exploration.drewChance()).isFalse();
  }

  @Test
  void chancesAreFollowedWithTheirProbabilities() {
    Exploration<String> exploration =
        explore(ALL, d -> d.chance(1L << 30, 1) ? "a" : d.chance(1L << 29, 2) ? "b" : "c");

    assertThat(exploration.outcomes())
        .extracting(outcome -> outcome.result() + " " + outcome.probability())
        .containsExactly("a 1/2", "b 1/8", "c 3/8");
  }

  @Test
  void equalOutcomesAreMergedAndTheirProbabilitiesAdded() {
    Exploration<String> exploration =
        explore(ALL, d -> d.chance(1L << 30, 1) == d.chance(1L << 30, 2) ? "same" : "other");

    assertThat(exploration.outcomes())
        .containsExactly(
            new Outcome<>(ImmutableMap.of(), half(), "same"),
            new Outcome<>(ImmutableMap.of(), half(), "other"));
    assertThat(exploration.runs()).isEqualTo(4);
  }

  @Test
  void certainChancesAreNoQuestion() {
    Exploration<String> exploration =
        explore(ALL, d -> d.chance(0, 1) + " " + d.chance(Decisions.CHANCE_SCALE, 2));

    assertThat(exploration.outcomes()).extracting(Outcome::result).containsExactly("false true");
    assertThat(exploration.drewChance()).isFalse();
  }

  @Test
  void bothAnswersToAnUnknownAreFollowedUnderTheirConditions() {
    Exploration<String> exploration = explore(ALL, d -> d.unknown(1, "it rains") ? "wet" : "dry");

    assertThat(exploration.outcomes())
        .containsExactly(
            new Outcome<>(ImmutableMap.of("it rains", true), Probability.ONE, "wet"),
            new Outcome<>(ImmutableMap.of("it rains", false), Probability.ONE, "dry"));
  }

  @Test
  void anUnknownThatMakesNoDifferenceIsNotNamed() {
    Exploration<String> exploration =
        explore(
            ALL,
            d -> {
              boolean idle = d.unknown(1, "it rains");
              return d.unknown(2, "it is cold") ? "cold" : idle ? "warm" : "warm";
            });

    assertThat(exploration.outcomes())
        .containsExactly(
            new Outcome<>(ImmutableMap.of("it is cold", true), Probability.ONE, "cold"),
            new Outcome<>(ImmutableMap.of("it is cold", false), Probability.ONE, "warm"));
  }

  @Test
  void aQuestionAskedAgainGetsTheSameAnswer() {
    Exploration<String> exploration =
        explore(ALL, d -> d.unknown(1, "it rains") + " " + d.unknown(2, "it rains"));

    assertThat(exploration.outcomes())
        .extracting(Outcome::result)
        .containsExactly("true true", "false false");
  }

  @Test
  void chanceBehindAnUnknownKeepsItsProbabilityUnderTheCondition() {
    Exploration<String> exploration =
        explore(ALL, d -> d.unknown(1, "q") ? (d.chance(1L << 30, 1) ? "a" : "b") : "c");

    assertThat(exploration.outcomes())
        .containsExactly(
            new Outcome<>(ImmutableMap.of("q", true), half(), "a"),
            new Outcome<>(ImmutableMap.of("q", true), half(), "b"),
            new Outcome<>(ImmutableMap.of("q", false), Probability.ONE, "c"));
  }

  @Test
  void withoutFollowingChancesOneIsDrawnBySeed() {
    Explorer one = Explorer.builder().seed(7).build();
    Explorer other = Explorer.builder().seed(8).build();
    Function<Decisions, String> draws =
        d ->
            IntStream.range(0, 64).mapToObj(site -> d.chance(1L << 30, site) ? "1" : "0").toList()
                + " "
                + d.bits(1);

    Exploration<String> first = explore(one, draws);

    assertThat(first.outcomes()).hasSize(1);
    assertThat(first.drewChance()).isTrue();
    assertThat(first.drewBits()).isTrue();
    assertThat(explore(one, draws)).isEqualTo(first);
    assertThat(explore(other, draws)).isNotEqualTo(first);
  }

  @Test
  void whatIsBeyondTheLimitIsNamedWithItsProbability() {
    Exploration<String> exploration =
        explore(
            Explorer.builder().followChances(true).limit(2).build(),
            d -> d.chance(1L << 30, 1) ? "a" : d.chance(1L << 30, 2) ? "b" : "c");

    assertThat(exploration.outcomes()).extracting(Outcome::result).containsExactly("a", "b");
    assertThat(exploration.leftOut())
        .containsExactly(new Exploration.LeftOut(ImmutableMap.of(), Probability.below(1L << 29)));
  }
}
