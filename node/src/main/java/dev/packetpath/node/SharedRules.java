package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Iptables;
import dev.packetpath.iptables.LoadedTable;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;

/**
 * Finds the rules whose answer to one flow depends on others: they count, limit, remember, or take
 * ports that are free.
 */
final class SharedRules {
  private SharedRules() {}

  /** Returns the rules that would share a state, with their places. */
  static ImmutableList<String> in(Ruleset ruleset) {
    ImmutableList.Builder<String> found = ImmutableList.builder();
    for (Table table : ruleset.tables()) {
      for (Chain chain : table.chains()) {
        for (int i = 0; i < chain.rules().size(); i++) {
          Rule rule = chain.rules().get(i);
          if (hasSharingMatch(rule) || hasSharingTarget(rule)) {
            found.add(place(table, chain, i));
          }
        }
      }
    }
    return found.build();
  }

  /** Adds the rules to a list that shared a state because packets came so far. */
  static void addReached(Ruleset ruleset, Iptables loaded, ImmutableList.Builder<String> reached) {
    for (Table table : ruleset.tables()) {
      LoadedTable ofHost = loaded.table(table.name()).orElseThrow();
      for (Chain chain : table.chains()) {
        for (int i = 0; i < chain.rules().size(); i++) {
          Rule rule = chain.rules().get(i);
          if ((hasSharingMatch(rule) && ofHost.evaluated(chain.name(), i + 1) > 0)
              || (hasSharingTarget(rule) && ofHost.counted(chain.name(), i + 1).packets() > 0)) {
            reached.add(place(table, chain, i));
          }
        }
      }
    }
  }

  private static boolean hasSharingMatch(Rule rule) {
    return rule.matches().stream().anyMatch(Match::sharesState);
  }

  private static boolean hasSharingTarget(Rule rule) {
    return rule.action() instanceof RuleAction.Extension extension
        && extension.target().sharesState();
  }

  private static String place(Table table, Chain chain, int index) {
    Rule rule = chain.rules().get(index);
    String name =
        rule.matches().stream()
            .filter(Match::sharesState)
            .map(Match::name)
            .findFirst()
            .orElseGet(() -> targetName(rule));
    return table.name().text() + " " + chain.name() + " rule " + (index + 1) + " (" + name + ")";
  }

  private static String targetName(Rule rule) {
    return rule.action() instanceof RuleAction.Extension extension ? extension.target().name() : "";
  }
}
