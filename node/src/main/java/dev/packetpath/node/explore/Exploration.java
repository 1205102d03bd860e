package dev.packetpath.node.explore;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;

/**
 * What an experiment may lead to.
 *
 * @param outcomes the different outcomes, the first run first; for each way of answering the
 *     conditions the probabilities add up to 1 with that of what was left out
 * @param runs how often the experiment was run
 * @param leftOut the answers that were not followed, because there were too many runs
 * @param drewChance whether a run asked for a chance that was not certain
 * @param drewBits whether a run drew a random number that has too many values to follow each
 * @param <T> what the experiment returns
 */
public record Exploration<T>(
    ImmutableList<Outcome<T>> outcomes,
    int runs,
    ImmutableList<LeftOut> leftOut,
    boolean drewChance,
    boolean drewBits) {
  /**
   * An answer that was not followed.
   *
   * @param conditions the guesses that led there
   * @param probability how likely it is to get there where they hold
   */
  public record LeftOut(ImmutableMap<String, Boolean> conditions, Probability probability) {}
}
