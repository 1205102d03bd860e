package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;

/**
 * Something assumed without which the answer might be another.
 *
 * @param premise what was assumed
 * @param alternatives what would happen if it were otherwise; empty where that is plain
 */
public record Assumption(Premise premise, ImmutableList<Alternative> alternatives) {
  /**
   * Another premise.
   *
   * @param premise what it is
   * @param result what would happen
   */
  public record Alternative(Premise premise, String result) {}
}
