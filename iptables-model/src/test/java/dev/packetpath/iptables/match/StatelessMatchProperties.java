package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.iptables.HeaderMatch;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.iptables.testing.StatelessMatchArbitraries;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;

/** What holds for every match without a state. */
final class StatelessMatchProperties {
  private static final int MOBILITY = 135;

  @Provide
  Arbitrary<Tuple.Tuple2<RulePlace, Match>> placedV4() {
    return placed(IpFamily.IPV4);
  }

  @Provide
  Arbitrary<Tuple.Tuple2<RulePlace, Match>> placedV6() {
    return placed(IpFamily.IPV6);
  }

  private static Arbitrary<Tuple.Tuple2<RulePlace, Match>> placed(IpFamily family) {
    Arbitrary<Integer> protocols =
        Arbitraries.of(
            IpProtocol.TCP,
            IpProtocol.UDP,
            IpProtocol.SCTP,
            IpProtocol.DCCP,
            IpProtocol.ICMP,
            IpProtocol.ICMPV6,
            IpProtocol.ESP,
            IpProtocol.AH,
            MOBILITY,
            HeaderMatch.ANY_PROTOCOL);
    return Combinators.combine(
            Arbitraries.of(TableName.class),
            Arbitraries.of(Hook.class),
            protocols,
            StatelessMatchArbitraries.of(family))
        .filter((table, hook, protocol, match) -> table.hooks().contains(hook))
        .as((table, hook, protocol, match) -> Tuple.of(place(family, table, hook, protocol), match))
        .filter(placed -> placed.get2().refusal(placed.get1()).isEmpty());
  }

  private static RulePlace place(IpFamily family, TableName table, Hook hook, int protocol) {
    HeaderMatch header = HeaderMatch.builder(family).protocol(protocol, false).build();
    return new RulePlace(family, table, ImmutableSet.of(hook), header, ImmutableList.of());
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void whatIsPrintedReadsAsTheSame(@ForAll("placedV4") Tuple.Tuple2<RulePlace, Match> placed)
      throws IOException {
    check(placed);
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void whatIsPrintedForIpv6ReadsAsTheSame(@ForAll("placedV6") Tuple.Tuple2<RulePlace, Match> placed)
      throws IOException {
    check(placed);
  }

  private static void check(Tuple.Tuple2<RulePlace, Match> placed) throws IOException {
    RulePlace place = placed.get1();
    Match match = placed.get2();
    OptionPrinter out = new OptionPrinter();
    out.word("-A").word(place.hooks().iterator().next().name());
    place.header().print(out);
    out.word("-m").word(match.name());
    match.print(out);
    String text = "*" + place.table() + "\n" + out + "\nCOMMIT\n";
    List<Match> read =
        RestoreParser.parse("rule", place.family(), new StringReader(text))
            .tables()
            .get(0)
            .chains()
            .stream()
            .flatMap(chain -> chain.rules().stream())
            .flatMap(rule -> rule.matches().stream())
            .toList();
    assertThat(read).as(text).containsExactly(match);
  }
}
