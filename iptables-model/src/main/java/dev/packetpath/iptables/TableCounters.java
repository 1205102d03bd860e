package dev.packetpath.iptables;

import java.util.Arrays;

/**
 * What the chains of a table counted in one engine, in one array. How often a rule was evaluated is
 * not counted rule by rule: it is the number of walks that entered its chain, less those that ended
 * before the rule. Belongs to one thread; those of several engines can be added up.
 */
final class TableCounters {
  private static final int OF_RULE = 3;
  private static final int PACKETS = 1;
  private static final int BYTES = 2;
  private static final int ENDED = 3;

  /**
   * For each chain the number of walks that entered; then for each rule the packets and bytes that
   * it matched and the number of walks that ended at it; then the packets and bytes of the policy.
   * Side by side, so that a rule that matches costs one cache line or two.
   */
  private long[] counts;

  TableCounters(int length) {
    this.counts = new long[length];
  }

  /** Returns how many counters a chain takes. */
  static int lengthOf(Chain chain) {
    return 1 + chain.rules().size() * OF_RULE + (chain.isBase() ? 2 : 0);
  }

  /** Makes room for further chains behind those that there are. */
  void grow(int length) {
    if (length > counts.length) {
      counts = Arrays.copyOf(counts, length + length / 2);
    }
  }

  void entered(int chain) {
    counts[chain]++;
  }

  void matched(int chain, int rule, int bytes) {
    int at = chain + rule * OF_RULE;
    counts[at + PACKETS]++;
    counts[at + BYTES] += bytes;
  }

  /** Notes that a walk ended at a rule. */
  void ended(int chain, int rule) {
    counts[chain + rule * OF_RULE + ENDED]++;
  }

  /** Counts for the policy of a base chain of so many rules. */
  void policy(int chain, int rules, int bytes) {
    matched(chain, rules, bytes);
  }

  /** Returns what a rule counted; behind the last rule of a base chain, what its policy did. */
  Counters matched(int chain, int rule) {
    int at = chain + rule * OF_RULE;
    return new Counters(counts[at + PACKETS], counts[at + BYTES]);
  }

  /** Returns for each rule of a chain how often it was evaluated. */
  long[] evaluated(int chain, int rules) {
    long[] evaluated = new long[rules];
    long still = counts[chain];
    for (int i = 0; i < rules; i++) {
      evaluated[i] = still;
      still -= counts[chain + i * OF_RULE + ENDED];
    }
    return evaluated;
  }

  /** Returns how many walks went past the last rule of a chain. */
  long endReached(int chain, int rules) {
    long still = counts[chain];
    for (int i = 0; i < rules; i++) {
      still -= counts[chain + i * OF_RULE + ENDED];
    }
    return still;
  }

  void add(TableCounters other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }
}
