package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Hook;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel checks when it takes a table: loops, and extensions where they may not stand.
 *
 * <p>A rule that may stand where some hooks lead may stand where fewer of them do. So each rule is
 * tried at once, while it is in the cache, where the hooks lead that most rules of the table are
 * for. If all rules of a chain pass and no other hook turns out to reach it, they are not looked at
 * again.
 *
 * <p>Source: net/ipv4/netfilter/ip_tables.c, mark_source_chains and xt_check_*, Linux 6.1.
 */
final class TableChecks {
  private final String file;
  private final IpFamily family;
  private final TableName table;
  private final ImmutableSet<Hook> usual;

  TableChecks(String file, IpFamily family, TableName table) {
    this.file = file;
    this.family = family;
    this.table = table;
    this.usual =
        table == TableName.NAT
            ? ImmutableSet.of(Hook.PREROUTING, Hook.OUTPUT)
            : ImmutableSet.copyOf(table.hooks());
  }

  /** Returns whether a rule may stand where the usual hooks of the table lead. */
  boolean passes(Rule rule) {
    if (!DraftRule.hasExtension(rule)) {
      return true;
    }
    RulePlace place = place(rule, usual);
    List<Match> matches = rule.matches();
    for (int i = 0; i < matches.size(); i++) {
      if (matches.get(i).refusal(place).isPresent()) {
        return false;
      }
    }
    return !(rule.action() instanceof RuleAction.Extension extension)
        || extension.target().refusal(place).isEmpty();
  }

  /**
   * Checks a table that was read whole.
   *
   * @throws SyntaxException at the first rule that cannot be loaded
   */
  void check(TableDraft draft) {
    ChainGraph graph = new ChainGraph(draft.numbers(), draft.calls());
    List<ChainDraft> chains = draft.chains();
    for (int i = 0; i < chains.size(); i++) {
      ChainDraft chain = chains.get(i);
      if (chain.isBase()) {
        ChainGraph.Call loop = graph.reach(chain.number(), Hook.valueOf(chain.name()));
        if (loop != null) {
          throw loop(draft, loop);
        }
      }
    }
    for (int i = 0; i < chains.size(); i++) {
      ChainDraft chain = chains.get(i);
      ImmutableSet<Hook> hooks = graph.hooks(chain.number());
      if (!chain.isChecked() || !usual.containsAll(hooks)) {
        checkRules(chain, hooks);
      }
    }
  }

  private SyntaxException loop(TableDraft draft, ChainGraph.Call loop) {
    ChainDraft caller = draft.chain(loop.caller());
    String called = draft.chain(loop.called()).name();
    int rule = 0;
    while (!caller.rule(rule).action().calledChain().equals(Optional.of(called))) {
      rule++;
    }
    return new SyntaxException(
        file,
        caller.rule(rule).line(),
        caller.actionColumn(rule),
        "a loop: chain " + called + " leads back to itself",
        "no loop");
  }

  private void checkRules(ChainDraft chain, ImmutableSet<Hook> reached) {
    ImmutableSet<Hook> hooks = reached;
    for (int i = 0; i < chain.size(); i++) {
      Rule rule = chain.rule(i);
      RulePlace place = place(rule, hooks);
      for (int m = 0; m < rule.matches().size(); m++) {
        refuse(rule, chain.matchColumn(i, m), rule.matches().get(m).refusal(place));
      }
      if (rule.action() instanceof RuleAction.Extension extension) {
        refuse(rule, chain.actionColumn(i), extension.target().refusal(place));
      }
      if (DraftRule.endsChain(rule)) {
        hooks = ImmutableSet.of();
      }
    }
  }

  private RulePlace place(Rule rule, ImmutableSet<Hook> hooks) {
    return new RulePlace(family, table, hooks, rule.header(), rule.matches());
  }

  private void refuse(Rule rule, int column, Optional<Refusal> refusal) {
    if (refusal.isPresent()) {
      throw new SyntaxException(
          file, rule.line(), column, refusal.get().found(), refusal.get().expected());
    }
  }
}
