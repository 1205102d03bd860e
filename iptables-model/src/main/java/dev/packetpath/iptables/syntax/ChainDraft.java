package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A chain that is being read. */
final class ChainDraft {
  /** Most chains of a large ruleset have no more. */
  private static final int FEW_RULES = 3;

  private final List<DraftRule> rules = new ArrayList<>(FEW_RULES);
  private int number;
  private String name;
  private RuleAction.Jump jump;
  private Optional<Policy> policy;
  private Counters policyCounters = Counters.ZERO;
  private @Nullable ChainDraft next;
  private int callers;

  ChainDraft(String name, Optional<Policy> policy) {
    this.name = name;
    this.jump = new RuleAction.Jump(name);
    this.policy = policy;
  }

  /** Returns its number in the table, from 0 in the order of the text. */
  int number() {
    return number;
  }

  /** Gives it a number, which {@link ChainIndex} does. */
  void number(int given) {
    number = given;
  }

  /** Returns the chain that came next in the text, null for none. */
  @Nullable ChainDraft next() {
    return next;
  }

  void next(ChainDraft following) {
    next = following;
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

  /** Gives the chain another name; the rules that call it still have the old one. */
  void rename(String newName) {
    name = newName;
    jump = new RuleAction.Jump(newName);
  }

  void insert(int index, DraftRule rule) {
    rules.add(index, rule);
    call(rule, 1);
  }

  void append(List<DraftRule> read) {
    for (DraftRule rule : read) {
      rules.add(rule);
      call(rule, 1);
    }
  }

  void replace(int index, DraftRule rule) {
    call(rules.set(index, rule), -1);
    call(rule, 1);
  }

  void remove(int index) {
    call(rules.remove(index), -1);
  }

  void flush() {
    for (DraftRule rule : rules) {
      call(rule, -1);
    }
    rules.clear();
  }

  private static void call(DraftRule rule, int times) {
    ChainDraft called = rule.called();
    if (called != null) {
      called.callers += times;
    }
  }

  /** Returns whether any rule jumps or goes to this chain. */
  boolean isCalled() {
    return callers > 0;
  }

  /** Sets all counters of the chain to zero. */
  void zero() {
    policyCounters = Counters.ZERO;
    for (int i = 0; i < rules.size(); i++) {
      zero(i);
    }
  }

  /** Sets the counters of one rule to zero. */
  void zero(int index) {
    Rule rule = rules.get(index).rule();
    replace(index, rules.get(index).with(rule.action(), Counters.ZERO));
  }

  Chain finish() {
    ImmutableList.Builder<Rule> finished = ImmutableList.builderWithExpectedSize(rules.size());
    for (DraftRule rule : rules) {
      finished.add(rule.rule());
    }
    return new Chain(name, policy, policyCounters, finished.build());
  }
}
