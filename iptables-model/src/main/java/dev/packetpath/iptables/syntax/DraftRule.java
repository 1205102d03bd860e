package dev.packetpath.iptables.syntax;

import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import org.jspecify.annotations.Nullable;

/**
 * A rule that was read, with the places of its parts for later errors.
 *
 * @param rule the rule
 * @param called the chain it jumps or goes to, null for none
 * @param columns the columns of its matches, and of its action behind them; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // many rules share one array
record DraftRule(Rule rule, @Nullable ChainDraft called, int[] columns) {
  /** Returns whether nothing behind a rule in its chain is ever reached, and so looked at. */
  static boolean endsChain(Rule rule) {
    return rule.action() instanceof RuleAction.Standard
        && rule.matches().isEmpty()
        && rule.header().asksNothing();
  }

  /** Returns whether a rule has a match or a target, which may stand in some places only. */
  static boolean hasExtension(Rule rule) {
    return rule.action() instanceof RuleAction.Extension || !rule.matches().isEmpty();
  }
}
