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
import dev.packetpath.iptables.StandardVerdict;
import dev.packetpath.iptables.TableName;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the kernel checks when it takes a table, and iptables before it hands one over: loops,
 * extensions where they may not stand, DROP in nat, devices that a chain cannot know.
 *
 * <p>Source: net/ipv4/netfilter/ip_tables.c, mark_source_chains and xt_check_*, Linux 6.1; iptables
 * 1.8.9, xshared.c.
 */
final class TableChecks {
  private final String file;
  private final IpFamily family;
  private final TableDraft table;
  private final Map<String, EnumSet<Hook>> hooksOfChain = new HashMap<>();
  private final Set<String> onPath = new HashSet<>();

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
      checks.hooksOfChain.put(chain.name(), EnumSet.noneOf(Hook.class));
    }
    for (ChainDraft chain : table.chains()) {
      if (chain.isBase()) {
        checks.follow(chain, Hook.valueOf(chain.name()));
      }
    }
    table.chains().forEach(checks::checkRules);
  }

  private void follow(ChainDraft chain, Hook hook) {
    EnumSet<Hook> hooks = hooksOfChain.getOrDefault(chain.name(), EnumSet.allOf(Hook.class));
    if (!hooks.add(hook)) {
      return;
    }
    onPath.add(chain.name());
    for (int i = 0; i < chain.rules().size(); i++) {
      Optional<String> next = destination(chain.rules().get(i).action());
      if (next.isEmpty()) {
        continue;
      }
      if (onPath.contains(next.get())) {
        throw error(chain, i, "a loop: chain " + next.get() + " leads back to itself", "no loop");
      }
      ChainDraft called = table.chain(next.get());
      if (called != null) {
        follow(called, hook);
      }
    }
    onPath.remove(chain.name());
  }

  private static Optional<String> destination(RuleAction action) {
    if (action instanceof RuleAction.Jump jump) {
      return Optional.of(jump.chain());
    }
    return action instanceof RuleAction.Goto goTo ? Optional.of(goTo.chain()) : Optional.empty();
  }

  private void checkRules(ChainDraft chain) {
    ImmutableSet<Hook> hooks =
        Sets.immutableEnumSet(hooksOfChain.getOrDefault(chain.name(), EnumSet.noneOf(Hook.class)));
    for (int i = 0; i < chain.rules().size(); i++) {
      Rule rule = chain.rules().get(i);
      checkBuiltin(chain, i, rule);
      RulePlace place = new RulePlace(family, table.name(), hooks, rule.header());
      int[] columns = chain.columns(i);
      for (int m = 0; m < rule.matches().size(); m++) {
        refuse(rule, columns[m], rule.matches().get(m).refusal(place));
      }
      if (rule.action() instanceof RuleAction.Extension extension) {
        refuse(rule, columns[columns.length - 1], extension.target().refusal(place));
      }
    }
  }

  private void refuse(Rule rule, int column, Optional<Refusal> refusal) {
    if (refusal.isPresent()) {
      throw new SyntaxException(
          file, rule.line(), column, refusal.get().found(), refusal.get().expected());
    }
  }

  private void checkBuiltin(ChainDraft chain, int index, Rule rule) {
    if (table.name() == TableName.NAT
        && rule.action() instanceof RuleAction.Standard standard
        && standard.verdict() == StandardVerdict.DROP) {
      throw error(
          chain, index, "DROP in table nat", "a target of nat; drop in filter, mangle or raw");
    }
    String name = chain.name();
    boolean noOut = name.equals("PREROUTING") || name.equals("INPUT");
    boolean noIn = name.equals("OUTPUT") || name.equals("POSTROUTING");
    if (noOut && !rule.header().out().isAny()) {
      throw error(chain, index, "-o in " + name, "no -o: the device is not known there");
    }
    if (noIn && !rule.header().in().isAny()) {
      throw error(chain, index, "-i in " + name, "no -i: the device is not known there");
    }
  }

  private SyntaxException error(ChainDraft chain, int index, String found, String expected) {
    int[] columns = chain.columns(index);
    return new SyntaxException(
        file, chain.rules().get(index).line(), columns[columns.length - 1], found, expected);
  }
}
