package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.function.Function;

/**
 * A table as written.
 *
 * @param name which of the five
 * @param chains base chains first, then user chains, as iptables-save prints them
 */
public record Table(TableName name, ImmutableList<Chain> chains) {
  /** Returns a table of base chains without rules, all with policy ACCEPT. */
  public static Table empty(TableName name) {
    return new Table(
        name,
        name.hooks().stream()
            .map(
                hook ->
                    new Chain(
                        hook.name(), Optional.of(Policy.ACCEPT), Counters.ZERO, ImmutableList.of()))
            .collect(ImmutableList.toImmutableList()));
  }

  Table mapRules(Function<Rule, Optional<Rule>> change) {
    return new Table(
        name,
        chains.stream()
            .map(chain -> chain.mapRules(change))
            .collect(ImmutableList.toImmutableList()));
  }

  /** Returns the number of rules of all chains. */
  public int ruleCount() {
    return chains.stream().mapToInt(chain -> chain.rules().size()).sum();
  }
}
