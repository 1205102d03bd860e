package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.Verdict;
import dev.packetpath.iptables.TableName;

/** Something that a function of a hook did. */
public sealed interface HookStep {
  /**
   * A table was walked.
   *
   * @param table the table
   * @param chain the base chain
   * @param steps what happened, in order
   * @param verdict the verdict
   * @param rulesEvaluated the number of rules evaluated
   */
  record TableWalk(
      TableName table,
      String chain,
      ImmutableList<WalkStep> steps,
      Verdict verdict,
      long rulesEvaluated)
      implements HookStep {}

  /**
   * Another model did something.
   *
   * @param event what
   */
  record Other(TraceEvent event) implements HookStep {}

  /**
   * The kernel sent a packet because of this one.
   *
   * @param path its path
   */
  record Answered(PacketPath path) implements HookStep {}
}
