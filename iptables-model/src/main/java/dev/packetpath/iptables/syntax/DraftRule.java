package dev.packetpath.iptables.syntax;

import dev.packetpath.iptables.Rule;
import org.jspecify.annotations.Nullable;

/** A rule of a table that is being read, with the places of its parts for later errors. */
final class DraftRule {
  private final Rule rule;
  private final @Nullable ChainDraft called;
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
    this.columns = columns;
  }

  Rule rule() {
    return rule;
  }

  @Nullable ChainDraft called() {
    return called;
  }

  int matchColumn(int match) {
    return columns[match];
  }

  int actionColumn() {
    return columns[columns.length - 1];
  }
}
