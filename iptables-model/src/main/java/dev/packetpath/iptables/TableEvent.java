package dev.packetpath.iptables;

import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.Verdict;

/** Something that happened to a packet in a table. */
public sealed interface TableEvent extends TraceEvent {
  /** Returns the table. */
  TableName table();

  /**
   * The walk of a base chain began.
   *
   * @param table the table
   * @param chain the base chain
   */
  record Entered(TableName table, String chain) implements TableEvent {}

  /**
   * A rule was evaluated.
   *
   * @param table the table
   * @param chain its chain
   * @param index its place in the chain, from 1
   * @param rule the rule
   * @param matched whether all its matches held
   */
  record Evaluated(TableName table, String chain, int index, Rule rule, boolean matched)
      implements TableEvent {}

  /**
   * A chain ended behind its last rule, or returned, and the walk went on elsewhere.
   *
   * @param table the table
   * @param chain the chain that ended
   * @param into the chain in which the walk goes on
   */
  record Returned(TableName table, String chain, String into) implements TableEvent {}

  /**
   * The policy of the base chain decided.
   *
   * @param table the table
   * @param chain the base chain
   * @param policy what it said
   */
  record PolicyApplied(TableName table, String chain, Policy policy) implements TableEvent {}

  /**
   * The walk ended.
   *
   * @param table the table
   * @param chain the base chain
   * @param verdict its verdict
   * @param rulesEvaluated the number of rules evaluated on the way
   */
  record Left(TableName table, String chain, Verdict verdict, long rulesEvaluated)
      implements TableEvent {}
}
