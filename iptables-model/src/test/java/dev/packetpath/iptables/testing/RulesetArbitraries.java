package dev.packetpath.iptables.testing;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.Policy;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.Table;
import dev.packetpath.iptables.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Whole rule sets that the kernel loads, in the form in which they are read back: some tables, user
 * chains that jump and go to later ones, few addresses so that packets of {@link
 * dev.packetpath.core.testing.PacketArbitraries} meet rules.
 */
public final class RulesetArbitraries {
  /** User chains in the order in which iptables-save prints them. */
  private static final ImmutableList<String> NAMES =
      ImmutableList.of("1", "KUBE-SVC-ABCDEFGHIJKLMNOPQRS", "cali-x", "é");

  /** What rules are made of. */
  public enum Parts {
    /** Headers, matches without a state that drop nothing themselves, verdicts, jumps and gotos. */
    PLAIN,
    /** All matches and targets, but those on sets. */
    ALL
  }

  private RulesetArbitraries() {}

  /** Returns rule sets of a family. */
  public static Arbitrary<Ruleset> rulesets(IpFamily family, Parts parts) {
    return Arbitraries.of(TableName.class)
        .set()
        .ofMinSize(1)
        .ofMaxSize(3)
        .flatMap(names -> tables(family, List.copyOf(names), parts))
        .map(tables -> new Ruleset(family, ImmutableList.copyOf(tables)))
        .withoutEdgeCases();
  }

  private static Arbitrary<List<Table>> tables(
      IpFamily family, List<TableName> names, Parts parts) {
    List<Arbitrary<Table>> tables = new ArrayList<>();
    for (TableName name : names) {
      tables.add(table(family, name, parts));
    }
    return Combinators.combine(tables).as(List::copyOf);
  }

  private static Arbitrary<Table> table(IpFamily family, TableName name, Parts parts) {
    return Arbitraries.integers()
        .between(0, NAMES.size())
        .flatMap(
            userChains -> {
              RuleArbitraries rules = new RuleArbitraries(family, name, parts);
              List<String> names = NAMES.subList(0, userChains);
              List<Arbitrary<Chain>> chains = new ArrayList<>();
              for (Hook hook : name.hooks()) {
                chains.add(baseChain(rules, name, hook, names));
              }
              for (int i = 0; i < userChains; i++) {
                chains.add(userChain(rules, name, names.get(i), names.subList(i + 1, userChains)));
              }
              return Combinators.combine(chains)
                  .as(all -> new Table(name, ImmutableList.copyOf(all)));
            });
  }

  private static Arbitrary<Chain> baseChain(
      RuleArbitraries rules, TableName table, Hook hook, List<String> callable) {
    Arbitrary<Policy> policies =
        table == TableName.NAT ? Arbitraries.just(Policy.ACCEPT) : Arbitraries.of(Policy.class);
    return Combinators.combine(rules.rules(ImmutableSet.of(hook), callable), policies, counters())
        .as(
            (ofChain, policy, counted) ->
                new Chain(
                    hook.name(), Optional.of(policy), counted, ImmutableList.copyOf(ofChain)));
  }

  /** A chain that every hook of its table may reach. */
  private static Arbitrary<Chain> userChain(
      RuleArbitraries rules, TableName table, String name, List<String> callable) {
    return rules
        .rules(table.hooks(), callable)
        .map(
            ofChain ->
                new Chain(name, Optional.empty(), Counters.ZERO, ImmutableList.copyOf(ofChain)));
  }

  static Arbitrary<Counters> counters() {
    Arbitrary<Long> numbers =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(5, Arbitraries.longs().between(0, 100_000)),
            net.jqwik.api.Tuple.of(1, Arbitraries.longs()));
    return Combinators.combine(numbers, numbers).as(Counters::new);
  }
}
