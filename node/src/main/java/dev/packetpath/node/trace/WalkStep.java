package dev.packetpath.node.trace;

import dev.packetpath.core.TraceEvent;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.Rule;

/** Something that happened in the walk of a table. */
public sealed interface WalkStep {
  /**
   * A rule matched.
   *
   * @param chain its chain
   * @param index its place in the chain, from 1
   * @param depth how many jumps lead there
   * @param passedOver how many rules of the chain were evaluated before it and did not match, since
   *     the last that did
   * @param rule the rule
   */
  record Matched(String chain, int index, int depth, int passedOver, Rule rule)
      implements WalkStep {}

  /**
   * A match dropped the packet although its rule did not match.
   *
   * @param chain the rule's chain
   * @param index its place in the chain, from 1
   * @param depth how many jumps lead there
   * @param passedOver how many rules were evaluated before it and did not match
   * @param rule the rule
   */
  record DroppedByMatch(String chain, int index, int depth, int passedOver, Rule rule)
      implements WalkStep {}

  /**
   * A chain ended and the walk went on behind the jump into it.
   *
   * @param chain the chain
   * @param depth how many jumps lead there
   * @param passedOver how many rules were evaluated at its end and did not match
   * @param into where the walk went on
   * @param byRule whether a RETURN rule said so
   */
  record Returned(String chain, int depth, int passedOver, String into, boolean byRule)
      implements WalkStep {}

  /**
   * The policy decided.
   *
   * @param chain the base chain
   * @param passedOver how many rules were evaluated at its end and did not match
   * @param policy what it said
   * @param byRule whether a RETURN rule led there
   */
  record Policed(String chain, int passedOver, Policy policy, boolean byRule) implements WalkStep {}

  /**
   * A target did something that another model told.
   *
   * @param event what
   * @param depth how many jumps lead to the rule
   */
  record Other(TraceEvent event, int depth) implements WalkStep {}

  /**
   * A target sent a packet because of this one.
   *
   * @param path its path
   * @param depth how many jumps lead to the rule
   */
  record Answered(PacketPath path, int depth) implements WalkStep {}
}
