package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.packetpath.core.Hook;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** A chain that is being read. */
final class ChainDraft {
  private final String name;
  private final RuleAction.Jump jump;
  private final List<DraftRule> rules = new ArrayList<>();
  private final EnumSet<Hook> hooks = EnumSet.noneOf(Hook.class);
  private Optional<Policy> policy;
  private Counters policyCounters = Counters.ZERO;
  private boolean removed;

  ChainDraft(String name, Optional<Policy> policy) {
    this.name = name;
    this.jump = new RuleAction.Jump(name);
    this.policy = policy;
  }

  String name() {
    return name;
  }

  /** Returns the jump to this chain: one for all rules. */
  RuleAction.Jump jump() {
    return jump;
  }

  boolean isBase() {
    return policy.isPresent();
  }

  List<DraftRule> rules() {
    return rules;
  }

  void policy(Policy policy, Counters counters) {
    this.policy = Optional.of(policy);
    this.policyCounters = counters;
  }

  void insert(int index, List<DraftRule> read) {
    rules.addAll(index, read);
  }

  void append(List<DraftRule> read) {
    rules.addAll(read);
  }

  void remove(int index) {
    rules.remove(index);
  }

  void flush() {
    rules.clear();
  }

  /** Notes that the table has no such chain any more. */
  void removed() {
    removed = true;
  }

  boolean isRemoved() {
    return removed;
  }

  /** Notes that a hook reaches this chain; returns whether that is new. */
  boolean reachFrom(Hook hook) {
    return hooks.add(hook);
  }

  /** Returns the hooks known to reach this chain. */
  ImmutableSet<Hook> hooks() {
    return Sets.immutableEnumSet(hooks);
  }

  Chain finish() {
    ImmutableList.Builder<Rule> finished = ImmutableList.builderWithExpectedSize(rules.size());
    for (DraftRule rule : rules) {
      finished.add(rule.rule());
    }
    return new Chain(name, policy, policyCounters, finished.build());
  }
}
