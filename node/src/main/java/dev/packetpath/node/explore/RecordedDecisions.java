package dev.packetpath.node.explore;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Decisions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The decisions of one run: the first answers are given, each later question is answered with yes,
 * and all answers are written down.
 */
final class RecordedDecisions implements Decisions {
  private final ImmutableList<Answer> given;
  private final Decisions drawn;
  private final Decisions bits;
  private final boolean followChances;
  private final List<Answer> answers = new ArrayList<>();
  private final Map<String, Boolean> known = new HashMap<>();
  private boolean drewChance;
  private boolean drewBits;

  /**
   * Creates the decisions of a run.
   *
   * @param given the first answers
   * @param drawn where chances come from that are not followed
   * @param bits where random bits come from
   * @param followChances whether chances are questions, or are drawn
   */
  RecordedDecisions(
      ImmutableList<Answer> given, Decisions drawn, Decisions bits, boolean followChances) {
    this.given = given;
    this.drawn = drawn;
    this.bits = bits;
    this.followChances = followChances;
  }

  @Override
  public void startPacket(long packetNumber) {
    drawn.startPacket(packetNumber);
    bits.startPacket(packetNumber);
  }

  @Override
  public boolean chance(long threshold, long site) {
    if (threshold <= 0 || threshold >= CHANCE_SCALE) {
      return threshold > 0;
    }
    drewChance = true;
    return followChances
        ? record(new Answer.Chance(threshold, true))
        : drawn.chance(threshold, site);
  }

  @Override
  public int bits(long site) {
    drewBits = true;
    return bits.bits(site);
  }

  @Override
  public boolean unknown(long site, String question) {
    Boolean before = known.get(question);
    if (before != null) {
      return before;
    }
    boolean answer = record(new Answer.Guess(question, true));
    known.put(question, answer);
    return answer;
  }

  private boolean record(Answer first) {
    Answer answer = answers.size() < given.size() ? given.get(answers.size()) : first;
    answers.add(answer);
    return answer.yes();
  }

  ImmutableList<Answer> answers() {
    return ImmutableList.copyOf(answers);
  }

  /** Returns whether a chance that was not certain was asked for. */
  boolean drewChance() {
    return drewChance;
  }

  /** Returns whether random bits were drawn, which are never followed. */
  boolean drewBits() {
    return drewBits;
  }
}
