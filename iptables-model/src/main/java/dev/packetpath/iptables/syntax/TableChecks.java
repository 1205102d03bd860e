package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.packetpath.core.Hook;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.RulePlace;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Set;

/**
 * What the kernel checks when it takes a table: loops, and extensions where they may not stand.
 *
 * <p>Source: net/ipv4/netfilter/ip_tables.c, mark_source_chains and xt_check_*, Linux 6.1.
 */
final class TableChecks {
  private final String file;
  private final IpFamily family;
  private final TableDraft table;
  private final ArrayDeque<Visit> path = new ArrayDeque<>();
  private final Set<ChainDraft> onPath = Sets.newIdentityHashSet();

  private TableChecks(String file, IpFamily family, TableDraft table) {
    this.file = file;
    this.family = family;
    this.table = table;
  }

  /**
   * Checks a table that was read whole.
   *
   * @throws SyntaxException at the first rule that cannot be loaded
   */
  static void check(String file, IpFamily family, TableDraft table) {
    TableChecks checks = new TableChecks(file, family, table);
    for (ChainDraft chain : table.chains()) {
      if (chain.isBase()) {
        checks.follow(chain, Hook.valueOf(chain.name()));
      }
    }
    table.chains().forEach(checks::checkRules);
  }

  /** Notes in all chains that a hook's chain leads to that the hook does. */
  private void follow(ChainDraft base, Hook hook) {
    enter(base, hook);
    while (!path.isEmpty()) {
      Visit visit = path.getLast();
      if (visit.next == visit.chain.rules().size()) {
        path.removeLast();
        onPath.remove(visit.chain);
        continue;
      }
      DraftRule rule = visit.chain.rules().get(visit.next++);
      if (isUnconditionalVerdict(rule.rule())) {
        visit.next = visit.chain.rules().size();
        continue;
      }
      ChainDraft called = rule.called();
      if (called == null) {
        continue;
      }
      if (onPath.contains(called)) {
        throw error(rule, "a loop: chain " + called.name() + " leads back to itself", "no loop");
      }
      enter(called, hook);
    }
  }

  private void enter(ChainDraft chain, Hook hook) {
    if (chain.reachFrom(hook)) {
      onPath.add(chain);
      path.addLast(new Visit(chain));
    }
  }

  /** What follows such a rule is never reached, and not looked at. */
  private static boolean isUnconditionalVerdict(Rule rule) {
    return rule.action() instanceof RuleAction.Standard
        && rule.matches().isEmpty()
        && rule.header().asksNothing();
  }

  private void checkRules(ChainDraft chain) {
    ImmutableSet<Hook> hooks = chain.hooks();
    for (DraftRule draft : chain.rules()) {
      Rule rule = draft.rule();
      RulePlace place = new RulePlace(family, table.name(), hooks, rule.header());
      for (int m = 0; m < rule.matches().size(); m++) {
        refuse(rule, draft.matchColumn(m), rule.matches().get(m).refusal(place));
      }
      if (rule.action() instanceof RuleAction.Extension extension) {
        refuse(rule, draft.actionColumn(), extension.target().refusal(place));
      }
      if (isUnconditionalVerdict(rule)) {
        hooks = ImmutableSet.of();
      }
    }
  }

  private void refuse(Rule rule, int column, Optional<Refusal> refusal) {
    if (refusal.isPresent()) {
      throw new SyntaxException(
          file, rule.line(), column, refusal.get().found(), refusal.get().expected());
    }
  }

  private SyntaxException error(DraftRule rule, String found, String expected) {
    return new SyntaxException(file, rule.rule().line(), rule.actionColumn(), found, expected);
  }

  /** A chain on the path, and the rule to follow next. */
  private static final class Visit {
    private final ChainDraft chain;
    private int next;

    Visit(ChainDraft chain) {
      this.chain = chain;
    }
  }
}
