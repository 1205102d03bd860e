package dev.packetpath.iptables;

/**
 * How chains lie in the one array of ints of a table, one behind the other: some words on the
 * chain, then its rules as {@link RuleCode}. One array, so that a chain costs no object and the
 * chains of one service share cache lines.
 */
final class ChainCode {
  /** The number of rules. */
  static final int SIZE = 0;

  /**
   * The number of rules before those of the index, {@link #SIZE} if there is none. These are
   * evaluated one by one.
   */
  static final int PLAIN = 1;

  /** Where its counters start, see {@link TableCounters}. */
  static final int COUNTERS = 2;

  /** The upper half of the site of its rules' draws, see {@link LoadContext#siteOf}. */
  static final int SITE = 3;

  /** The number of the first match function that its rules call. */
  static final int FUNCTIONS = 4;

  /** The number of the first target that its rules run. */
  static final int TARGETS = 5;

  /** Where the rules start. */
  static final int RULES = 6;

  private ChainCode() {}
}
