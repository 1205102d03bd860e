package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A table in a host: rules with their functions and counters. Made by {@link Iptables}; belongs to
 * the host's thread.
 */
public final class LoadedTable {
  private static final MatchFunction[] NO_MATCHES = {};
  private static final TargetFunction NO_TARGET = (packet, state) -> TargetResult.CONTINUE;

  private final Table table;
  private final List<LoadedChain> chains = new ArrayList<>();
  private final Map<String, LoadedChain> byName = new HashMap<>();
  private final ReferenceWalker walker;

  LoadedTable(Table table, LoadContext context) {
    this.table = table;
    this.walker = new ReferenceWalker(table.name(), context.host());
    for (Chain chain : table.chains()) {
      LoadedChain loaded = new LoadedChain(chain);
      chains.add(loaded);
      byName.put(chain.name(), loaded);
    }
    for (int i = 0; i < chains.size(); i++) {
      chains.get(i).rules = load(table.chains().get(i), context);
    }
  }

  private LoadedRule[] load(Chain chain, LoadContext context) {
    LoadedRule[] rules = new LoadedRule[chain.rules().size()];
    for (int i = 0; i < rules.length; i++) {
      Rule rule = chain.rules().get(i);
      context.startRule(chain.name(), i + 1, rule.line());
      MatchFunction[] matches = NO_MATCHES;
      if (!rule.matches().isEmpty()) {
        matches = new MatchFunction[rule.matches().size()];
        for (int m = 0; m < matches.length; m++) {
          matches[m] = rule.matches().get(m).compile(context);
          context.nextPart();
        }
      }
      TargetFunction target =
          rule.action() instanceof RuleAction.Extension extension
              ? extension.target().compile(context)
              : NO_TARGET;
      rules[i] = new LoadedRule(rule, matches, target, called(rule.action()));
    }
    return rules;
  }

  private LoadedChain called(RuleAction action) {
    if (action instanceof RuleAction.Jump jump) {
      return chain(jump.chain());
    }
    return action instanceof RuleAction.Goto goTo ? chain(goTo.chain()) : LoadedChain.NONE;
  }

  private LoadedChain chain(String name) {
    LoadedChain chain = byName.get(name);
    if (chain == null) {
      throw new IllegalArgumentException("no chain " + name + " in table " + table.name());
    }
    return chain;
  }

  /** Returns which table this is. */
  public TableName name() {
    return table.name();
  }

  /** Returns the number of rules evaluated in this table since it was loaded. */
  public long rulesEvaluated() {
    return walker.rulesEvaluated();
  }

  Verdict walk(Hook hook, Packet packet, HookState state) {
    return walker.walk(chain(hook.name()), packet, state);
  }

  /** Returns the table as written, with the counters of this moment. */
  public Table snapshot() {
    ImmutableList.Builder<Chain> written = ImmutableList.builder();
    for (int i = 0; i < chains.size(); i++) {
      LoadedChain chain = chains.get(i);
      ImmutableList.Builder<Rule> rules = ImmutableList.builderWithExpectedSize(chain.rules.length);
      for (LoadedRule rule : chain.rules) {
        Rule text = rule.rule;
        Counters counters = new Counters(rule.packets, rule.bytes);
        rules.add(new Rule(text.header(), text.matches(), text.action(), counters, text.line()));
      }
      Optional<Policy> policy = table.chains().get(i).policy();
      Counters policyCounters = new Counters(chain.policyPackets, chain.policyBytes);
      written.add(new Chain(chain.name, policy, policyCounters, rules.build()));
    }
    return new Table(table.name(), written.build());
  }

  /**
   * Returns how often a rule was evaluated since the table was loaded.
   *
   * @param chain the name of its chain
   * @param index its place, from 1
   */
  public long evaluated(String chain, int index) {
    return chain(chain).rules[index - 1].evaluated;
  }

  /**
   * Returns what a rule counted since the table was loaded.
   *
   * @param chain the name of its chain
   * @param index its place, from 1
   */
  public Counters counted(String chain, int index) {
    LoadedRule rule = chain(chain).rules[index - 1];
    Counters before = rule.rule.counters();
    return new Counters(rule.packets - before.packets(), rule.bytes - before.bytes());
  }

  /** Returns what the policy of a base chain counted since the table was loaded. */
  public Counters policyCounted(String chain) {
    LoadedChain loaded = chain(chain);
    return new Counters(
        loaded.policyPackets - loaded.policyBefore.packets(),
        loaded.policyBytes - loaded.policyBefore.bytes());
  }

  /** Returns how often a walk went past the last rule of a chain since the table was loaded. */
  public long endReached(String chain) {
    return chain(chain).endReached;
  }
}
