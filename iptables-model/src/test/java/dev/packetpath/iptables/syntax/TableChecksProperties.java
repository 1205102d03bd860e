package dev.packetpath.iptables.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.testing.RulesetArbitraries;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TableChecksProperties {
  @Provide
  Arbitrary<Ruleset> rulesets() {
    return Arbitraries.of(IpFamily.class)
        .flatMap(family -> RulesetArbitraries.rulesets(family, RulesetArbitraries.Parts.ALL));
  }

  /** What spares a second look at rules that passed where more hooks lead. */
  @Property(tries = 200)
  void aRuleThatMayStandSomewhereMayStandWhereFewerHooksLead(
      @ForAll("rulesets") Ruleset rules,
      @ForAll TableName place,
      @ForAll Set<Hook> more,
      @ForAll Set<Hook> others) {
    ImmutableSet<Hook> fewer =
        more.stream().filter(others::contains).collect(ImmutableSet.toImmutableSet());
    for (Table table : rules.tables()) {
      for (Chain chain : table.chains()) {
        for (Rule rule : chain.rules()) {
          if (mayStand(rule, rules.family(), place, ImmutableSet.copyOf(more))) {
            assertThat(mayStand(rule, rules.family(), place, fewer)).as("%s", rule).isTrue();
          }
        }
      }
    }
  }

  private static boolean mayStand(
      Rule rule, IpFamily family, TableName table, ImmutableSet<Hook> hooks) {
    RulePlace place = new RulePlace(family, table, hooks, rule.header(), rule.matches());
    return rule.matches().stream().allMatch(match -> match.refusal(place).isEmpty())
        && (!(rule.action() instanceof RuleAction.Extension extension)
            || extension.target().refusal(place).isEmpty());
  }
}
