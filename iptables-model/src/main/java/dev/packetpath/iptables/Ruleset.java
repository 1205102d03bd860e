package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import java.util.Optional;
import java.util.function.Function;

/**
 * All tables of one family as written: what one iptables-save or ip6tables-save prints.
 *
 * @param family whose tables they are
 * @param tables in the order of the text
 */
public record Ruleset(IpFamily family, ImmutableList<Table> tables) {
  /** Returns the ruleset without any table. */
  public static Ruleset empty(IpFamily family) {
    return new Ruleset(family, ImmutableList.of());
  }

  /** Returns a table, if the ruleset has it. */
  public Optional<Table> table(TableName name) {
    return tables.stream().filter(table -> table.name() == name).findFirst();
  }

  /** Returns these tables with each rule changed, or left out where nothing comes of it. */
  public Ruleset mapRules(Function<Rule, Optional<Rule>> change) {
    return new Ruleset(
        family,
        tables.stream()
            .map(table -> table.mapRules(change))
            .collect(ImmutableList.toImmutableList()));
  }

  /** Returns whether any rule asks connection tracking or NAT for something. */
  public boolean needsConntrack() {
    return tables.stream()
        .flatMap(table -> table.chains().stream())
        .flatMap(chain -> chain.rules().stream())
        .anyMatch(Rule::needsConntrack);
  }
}
