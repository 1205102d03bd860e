package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.conntrack.Conntrack;
import dev.packetpath.conntrack.ConntrackSettings;
import dev.packetpath.conntrack.Nat;
import dev.packetpath.core.Hook;
import dev.packetpath.core.SeededDecisions;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.iptables.syntax.SavePrinter;
import dev.packetpath.iptables.testing.RulesetArbitraries;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** What holds whatever the rules and the packets are. */
final class IptablesProperties {
  @Provide
  Arbitrary<Tuple.Tuple2<Ruleset, List<Packet>>> plain() {
    return cases(RulesetArbitraries.Parts.PLAIN);
  }

  @Provide
  Arbitrary<Tuple.Tuple2<Ruleset, List<Packet>>> all() {
    return cases(RulesetArbitraries.Parts.ALL);
  }

  private static Arbitrary<Tuple.Tuple2<Ruleset, List<Packet>>> cases(
      RulesetArbitraries.Parts parts) {
    return Arbitraries.of(IpFamily.class)
        .flatMap(
            family ->
                RulesetArbitraries.rulesets(family, parts)
                    .flatMap(
                        ruleset ->
                            PacketArbitraries.packets(family)
                                .list()
                                .ofSize(30)
                                .map(packets -> Tuple.of(ruleset, packets))));
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void whatEntersATableMatchesATerminalRuleOrThePolicy(
      @ForAll("plain") Tuple.Tuple2<Ruleset, List<Packet>> given) {
    Ruleset ruleset = withoutCounters(given.get1());
    Host host = Host.builder(TwoWalks.NETWORK).build();
    Map<TableName, int[]> entered = new EnumMap<>(TableName.class);
    for (Table table : ruleset.tables()) {
      entered.put(table.name(), new int[1]);
      for (Hook hook : table.name().hooks()) {
        host.hooks()
            .register(
                ruleset.family(),
                hook,
                table.name().priority(hook) - 1,
                "counter",
                (packet, state) -> {
                  entered.get(table.name())[0]++;
                  return Verdict.ACCEPT;
                });
      }
    }
    IpSets sets = new IpSets(host.clock(), host.work());
    Iptables iptables = Iptables.attach(host, ruleset, sets, Optional.empty());
    send(host, given.get2());
    for (LoadedTable table : iptables.tables()) {
      if (table.name() != TableName.NAT) {
        assertThat(ended(table)).as("%s", table.name()).isEqualTo(entered.get(table.name())[0]);
      }
      long evaluated = 0;
      for (Chain chain : table.snapshot().chains()) {
        for (int i = 1; i <= chain.rules().size(); i++) {
          assertThat(table.counted(chain.name(), i).packets())
              .isBetween(0L, table.evaluated(chain.name(), i));
          evaluated += table.evaluated(chain.name(), i);
        }
      }
      assertThat(evaluated).isEqualTo(table.rulesEvaluated());
    }
  }

  private static long ended(LoadedTable table) {
    long ended = 0;
    for (Chain chain : table.snapshot().chains()) {
      if (chain.isBase()) {
        ended += table.policyCounted(chain.name()).packets();
      }
      for (int i = 1; i <= chain.rules().size(); i++) {
        if (chain.rules().get(i - 1).action() instanceof RuleAction.Standard standard
            && standard.verdict() != StandardVerdict.RETURN) {
          ended += table.counted(chain.name(), i).packets();
        }
      }
    }
    return ended;
  }

  @Property(tries = 50, shrinking = ShrinkingMode.OFF)
  void oneSeedGivesOneResult(
      @ForAll("all") Tuple.Tuple2<Ruleset, List<Packet>> given, @ForAll long seed) {
    assertThat(run(given, seed)).isEqualTo(run(given, seed));
  }

  private static String run(Tuple.Tuple2<Ruleset, List<Packet>> given, long seed) {
    Host host = Host.builder(TwoWalks.NETWORK).decisions(new SeededDecisions(seed)).build();
    Nat nat = Nat.attach(Conntrack.attach(host, ConntrackSettings.DEFAULTS));
    IpSets sets = new IpSets(host.clock(), host.work());
    Iptables iptables = Iptables.attach(host, given.get1(), sets, Optional.of(nat));
    send(host, given.get2());
    return SavePrinter.toText(iptables.snapshot(), true) + host.work();
  }

  private static void send(Host host, List<Packet> packets) {
    int number = 0;
    for (Packet packet : packets) {
      Packet own = packet.copy();
      switch (number++ % 3) {
        case 0 -> host.receive(own, TwoWalks.ETH0);
        case 1 -> host.receive(own, TwoWalks.ETH1);
        default -> host.send(own);
      }
    }
  }

  private static Ruleset withoutCounters(Ruleset ruleset) {
    ImmutableList.Builder<Table> tables = ImmutableList.builder();
    for (Table table : ruleset.tables()) {
      ImmutableList.Builder<Chain> chains = ImmutableList.builder();
      for (Chain chain : table.chains()) {
        ImmutableList.Builder<Rule> rules = ImmutableList.builder();
        for (Rule rule : chain.rules()) {
          rules.add(new Rule(rule.header(), rule.matches(), rule.action(), Counters.ZERO, 0));
        }
        chains.add(new Chain(chain.name(), chain.policy(), Counters.ZERO, rules.build()));
      }
      tables.add(new Table(table.name(), chains.build()));
    }
    return new Ruleset(ruleset.family(), tables.build());
  }
}
