package dev.packetpath.iptables.syntax;

import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import org.jspecify.annotations.Nullable;

/** A rule of a table that is being read, with the places of its parts for later errors. */
final class DraftRule {
  /** The number of no chain. */
  static final int NO_CHAIN = -1;

  private final Rule rule;
  private final @Nullable ChainDraft called;
  private final int calledNumber;
  private final boolean endsChain;
  private final boolean hasExtension;
  private final int[] columns;

  /**
   * Creates one.
   *
   * @param called the chain it jumps or goes to, null for none
   * @param columns the columns of its matches, and of its action behind them; not copied
   */
  DraftRule(Rule rule, @Nullable ChainDraft called, int[] columns) {
    this.rule = rule;
    this.called = called;
    this.calledNumber = called == null ? NO_CHAIN : called.number();
    this.endsChain =
        rule.action() instanceof RuleAction.Standard
            && rule.matches().isEmpty()
            && rule.header().asksNothing();
    this.hasExtension =
        rule.action() instanceof RuleAction.Extension || !rule.matches().isEmpty();
    this.columns = columns;
  }

  /** Returns this rule with another action and other counters. */
  DraftRule with(RuleAction action, Counters counters) {
    Rule other = new Rule(rule.header(), rule.matches(), action, counters, rule.line());
    return new DraftRule(other, called, columns);
  }

  Rule rule() {
    return rule;
  }

  @Nullable ChainDraft called() {
    return called;
  }

  /** Returns the number of the chain it jumps or goes to, {@link #NO_CHAIN} for none. */
  int calledNumber() {
    return calledNumber;
  }

  /** Returns whether nothing behind this rule in its chain is ever reached, and so looked at. */
  boolean endsChain() {
    return endsChain;
  }

  /** Returns whether this rule has a match or a target that may stand in some places only. */
  boolean hasExtension() {
    return hasExtension;
  }

  int matchColumn(int match) {
    return columns[match];
  }

  int actionColumn() {
    return columns[columns.length - 1];
  }
}
