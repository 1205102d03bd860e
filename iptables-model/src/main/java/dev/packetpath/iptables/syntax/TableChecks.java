package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Hook;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel checks when it takes a table: loops, and extensions where they may not stand.
 *
 * <p>Source: net/ipv4/netfilter/ip_tables.c, mark_source_chains and xt_check_*, Linux 6.1.
 */
final class TableChecks {
  private final String file;
  private final IpFamily family;
  private final TableDraft table;
  private final ChainGraph graph;

  private TableChecks(String file, IpFamily family, TableDraft table) {
    this.file = file;
    this.family = family;
    this.table = table;
    this.graph = new ChainGraph(table);
  }

  /**
   * Checks a table that was read whole, and returns it with the user chains sorted by name, as
   * libiptc keeps them. Each chain is checked and finished in one pass: it is long out of the
   * cache.
   *
   * @throws SyntaxException at the first rule that cannot be loaded
   */
  static Table finish(String file, IpFamily family, TableDraft table) {
    TableChecks checks = new TableChecks(file, family, table);
    for (ChainDraft chain : table.chains()) {
      if (chain.isBase()) {
        checks.follow(chain, Hook.valueOf(chain.name()));
      }
    }
    List<Chain> chains = new ArrayList<>(table.chains().size());
    for (ChainDraft chain : table.chains()) {
      checks.checkRules(chain);
      chains.add(chain.finish());
    }
    chains.sort(
        Comparator.comparing((Chain chain) -> !chain.isBase())
            .thenComparing(chain -> chain.isBase() ? "" : chain.name()));
    return new Table(table.name(), ImmutableList.copyOf(chains));
  }

  private void follow(ChainDraft base, Hook hook) {
    DraftRule loop = graph.reach(base, hook);
    if (loop != null && loop.called() != null) {
      throw error(
          loop, "a loop: chain " + loop.called().name() + " leads back to itself", "no loop");
    }
  }

  private void checkRules(ChainDraft chain) {
    ImmutableSet<Hook> hooks = graph.hooks(chain);
    for (DraftRule draft : chain.rules()) {
      if (draft.hasExtension()) {
        checkExtensions(draft, hooks);
      }
      if (draft.endsChain()) {
        hooks = ImmutableSet.of();
      }
    }
  }

  private void checkExtensions(DraftRule draft, ImmutableSet<Hook> hooks) {
    Rule rule = draft.rule();
    RulePlace place = new RulePlace(family, table.name(), hooks, rule.header(), rule.matches());
    for (int m = 0; m < rule.matches().size(); m++) {
      refuse(draft, draft.matchColumn(m), rule.matches().get(m).refusal(place));
    }
    if (rule.action() instanceof RuleAction.Extension extension) {
      refuse(draft, draft.actionColumn(), extension.target().refusal(place));
    }
  }

  private void refuse(DraftRule rule, int column, Optional<Refusal> refusal) {
    if (refusal.isPresent()) {
      throw new SyntaxException(
          file, rule.rule().line(), column, refusal.get().found(), refusal.get().expected());
    }
  }

  private SyntaxException error(DraftRule rule, String found, String expected) {
    return new SyntaxException(file, rule.rule().line(), rule.actionColumn(), found, expected);
  }
}
