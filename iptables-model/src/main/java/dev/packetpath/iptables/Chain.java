package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.function.Function;

/**
 * A chain as written.
 *
 * @param name its name
 * @param policy what follows the last rule of a base chain; empty for a user chain
 * @param policyCounters what the policy counted
 * @param rules the rules in order
 */
public record Chain(
    String name, Optional<Policy> policy, Counters policyCounters, ImmutableList<Rule> rules) {
  /** Returns whether a hook enters this chain. */
  public boolean isBase() {
    return policy.isPresent();
  }

  Chain mapRules(Function<Rule, Optional<Rule>> change) {
    return new Chain(
        name,
        policy,
        policyCounters,
        rules.stream()
            .flatMap(rule -> change.apply(rule).stream())
            .collect(ImmutableList.toImmutableList()));
  }
}
