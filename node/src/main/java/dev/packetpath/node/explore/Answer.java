package dev.packetpath.node.explore;

/** One answer that a run of an experiment was given. */
sealed interface Answer {
  /** Returns whether the answer was yes. */
  boolean yes();

  /** Returns the same question with the answer no. */
  Answer no();

  /**
   * A random draw.
   *
   * @param threshold it was yes below this, of 2<sup>31</sup>
   * @param yes the answer
   */
  record Chance(long threshold, boolean yes) implements Answer {
    @Override
    public Answer no() {
      return new Chance(threshold, false);
    }

    Probability ofYes() {
      return Probability.below(threshold);
    }
  }

  /**
   * A guess at what nobody told.
   *
   * @param question the statement that is true or false
   * @param yes the answer
   */
  record Guess(String question, boolean yes) implements Answer {
    @Override
    public Answer no() {
      return new Guess(question, false);
    }
  }
}
