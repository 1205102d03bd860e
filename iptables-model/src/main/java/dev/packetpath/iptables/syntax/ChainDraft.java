package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A chain that is being read.
 *
 * <p>What is asked of all chains in the end is kept here and not in their rules, which are long out
 * of the cache by then: an eighth of the time in which large rulesets are read went there.
 */
final class ChainDraft {
  /** Most chains of a large ruleset have no more. */
  private static final int FEW_RULES = 2;

  private Rule[] rules = new Rule[FEW_RULES];

  /** For each rule the columns of its matches, and of its action behind them. */
  private int[][] columns = new int[FEW_RULES][];

  private int size;
  private int number;
  private String name;
  private RuleAction.Jump jump;
  private Optional<Policy> policy;
  private Counters policyCounters = Counters.ZERO;
  private @Nullable ChainDraft next;
  private int callers;
  private boolean ended;
  private boolean checked = true;

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

  /** Returns how many rules it has. */
  int size() {
    return size;
  }

  Rule rule(int index) {
    return rules[index];
  }

  int matchColumn(int index, int match) {
    return columns[index][match];
  }

  int actionColumn(int index) {
    return columns[index][columns[index].length - 1];
  }

  /**
   * Returns whether a rule is known behind which none is reached. Forgotten when a rule is taken
   * away.
   */
  boolean isEnded() {
    return ended;
  }

  /** Returns whether each rule was found to be allowed where the usual hooks lead. */
  boolean isChecked() {
    return checked;
  }

  /** Notes that a rule was not found to be allowed where the usual hooks lead. */
  void uncheck() {
    checked = false;
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

  /** Puts a rule before another one, or behind the last. */
  void insert(int index, DraftRule draft) {
    if (size == rules.length) {
      rules = Arrays.copyOf(rules, 2 * size);
      columns = Arrays.copyOf(columns, 2 * size);
    }
    System.arraycopy(rules, index, rules, index + 1, size - index);
    System.arraycopy(columns, index, columns, index + 1, size - index);
    rules[index] = draft.rule();
    columns[index] = draft.columns();
    size++;
    ended |= DraftRule.endsChain(draft.rule());
  }

  /** Says a rule in other words. */
  void replace(int index, Rule rule) {
    rules[index] = rule;
  }

  void remove(int index) {
    size--;
    System.arraycopy(rules, index + 1, rules, index, size - index);
    System.arraycopy(columns, index + 1, columns, index, size - index);
    ended = false;
  }

  void flush() {
    size = 0;
    ended = false;
  }

  /** Counts rules that jump or go to this chain. */
  void called(int times) {
    callers += times;
  }

  /** Returns whether any rule jumps or goes to this chain. */
  boolean isCalled() {
    return callers > 0;
  }

  /** Sets all counters of the chain to zero. */
  void zero() {
    policyCounters = Counters.ZERO;
    for (int i = 0; i < size; i++) {
      zero(i);
    }
  }

  /** Sets the counters of one rule to zero. */
  void zero(int index) {
    rules[index] = rules[index].withCounters(Counters.ZERO);
  }

  Chain finish() {
    return new Chain(
        name, policy, policyCounters, ImmutableList.copyOf(Arrays.asList(rules).subList(0, size)));
  }
}
