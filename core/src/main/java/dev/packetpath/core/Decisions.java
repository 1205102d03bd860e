package dev.packetpath.core;

/**
 * Answers what the rules and the packet alone do not determine: draws of the kernel's random
 * numbers, and facts that nobody told the model. {@link SeededDecisions} draws; an explorer may
 * follow each answer in turn.
 *
 * <p>A {@code site} names who asks (a rule, an address choice) and is stable from run to run.
 */
public interface Decisions {
  /** The number of equally likely values of a random comparison: 2<sup>31</sup>. */
  long CHANCE_SCALE = 1L << 31;

  /**
   * Tells the number of the packet that the following questions are about. Numbers may be left out:
   * of packets that are known to need no decision.
   */
  void startPacket(long packetNumber);

  /**
   * Returns yes with a probability of {@code threshold}, 0 to {@link #CHANCE_SCALE}, over that
   * scale, as {@code xt_statistic.c} has it by comparing 31 random bits.
   */
  boolean chance(long threshold, long site);

  /**
   * Asks {@link #chance} for one site after the other until the answer is yes; returns how many
   * answers were no.
   *
   * @param chances what each site asks for
   * @param site the first site
   * @param step how far the next site is, positive; no site lies behind {@link Long#MAX_VALUE}
   */
  default int refusals(Chances chances, long site, long step) {
    int refused = 0;
    while (refused < chances.size() && !chance(chances.threshold(refused), site + refused * step)) {
      refused++;
    }
    return refused;
  }

  /** Returns 32 random bits, for choices among too many values to follow each. */
  int bits(long site);

  /**
   * Returns a guess at something that the model cannot know.
   *
   * @param site who asks
   * @param question what is not known, as a statement that is true or false
   */
  boolean unknown(long site, String question);
}
