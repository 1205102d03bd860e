package dev.packetpath.iptables.syntax;

import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A chain that is being read. */
final class ChainDraft {
  private final String name;
  private final List<Rule> rules = new ArrayList<>();
  private final List<int[]> columns = new ArrayList<>();
  private Optional<Policy> policy;
  private Counters policyCounters = Counters.ZERO;

  ChainDraft(String name, Optional<Policy> policy) {
    this.name = name;
    this.policy = policy;
  }

  String name() {
    return name;
  }

  boolean isBase() {
    return policy.isPresent();
  }

  List<Rule> rules() {
    return rules;
  }

  /** Returns the columns of the parts of a rule, see {@link ReadRules#columns}. */
  int[] columns(int rule) {
    return columns.get(rule);
  }

  void policy(Policy policy, Counters counters) {
    this.policy = Optional.of(policy);
    this.policyCounters = counters;
  }

  void insert(int index, ReadRules read) {
    int place = index;
    for (Rule rule : read.rules()) {
      rules.add(place, rule);
      columns.add(place++, read.columns());
    }
  }

  void append(ReadRules read) {
    insert(rules.size(), read);
  }

  void remove(int index) {
    rules.remove(index);
    columns.remove(index);
  }

  void flush() {
    rules.clear();
    columns.clear();
  }

  Chain finish() {
    return new Chain(name, policy, policyCounters, ImmutableList.copyOf(rules));
  }
}
