package dev.packetpath.iptables;

/**
 * What the walks of one table counted since the table was loaded. Chains and rules go by their
 * places, from 0. Good until the table is updated or compacted.
 */
sealed interface TableCounts permits ReferenceWalker, CompiledCounts {
  /** Returns the number of rules evaluated by all walks. */
  long rulesEvaluated();

  /** Returns what a rule counted. */
  Counters matched(int chain, int rule);

  /** Returns for each rule of a chain how often it was evaluated. */
  long[] evaluated(int chain);

  /** Returns what the policy of a chain counted, nothing if it is no base chain. */
  Counters policy(int chain);

  /** Returns how often a walk went past the last rule of a chain. */
  long endReached(int chain);
}
