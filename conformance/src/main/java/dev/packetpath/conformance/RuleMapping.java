package dev.packetpath.conformance;

import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import java.util.Optional;
import java.util.function.Function;

/** Rule sets whose rules are changed or left out one by one. */
final class RuleMapping {
  private RuleMapping() {}

  static Ruleset map(Ruleset ruleset, Function<Rule, Optional<Rule>> change) {
    return new Ruleset(
        ruleset.family(),
        ruleset.tables().stream()
            .map(table -> map(table, change))
            .collect(ImmutableList.toImmutableList()));
  }

  private static Table map(Table table, Function<Rule, Optional<Rule>> change) {
    return new Table(
        table.name(),
        table.chains().stream()
            .map(
                chain ->
                    new Chain(
                        chain.name(),
                        chain.policy(),
                        chain.policyCounters(),
                        chain.rules().stream()
                            .flatMap(rule -> change.apply(rule).stream())
                            .collect(ImmutableList.toImmutableList())))
            .collect(ImmutableList.toImmutableList()));
  }
}
