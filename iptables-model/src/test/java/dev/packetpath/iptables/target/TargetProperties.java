package dev.packetpath.iptables.target;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.iptables.HeaderMatch;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.TableName;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.match.PortRange;
import dev.packetpath.iptables.match.TcpFlagTest;
import dev.packetpath.iptables.match.TcpMatch;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.iptables.testing.TargetArbitraries;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds for every target. */
final class TargetProperties {
  private static final TcpMatch SYN =
      new TcpMatch(PortRange.ANY, PortRange.ANY, TcpFlagTest.SYN, TcpMatch.NO_OPTION, false);

  @Provide
  Arbitrary<Tuple.Tuple2<RulePlace, Target>> placed() {
    return places()
        .flatMap(place -> TargetArbitraries.fitting(place).map(target -> Tuple.of(place, target)));
  }

  private static Arbitrary<RulePlace> places() {
    Arbitrary<Integer> protocols =
        Arbitraries.of(IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP, HeaderMatch.ANY_PROTOCOL);
    return Combinators.combine(
            Arbitraries.of(IpFamily.class), Arbitraries.of(TableName.class), protocols)
        .flatAs(
            (family, table, protocol) ->
                Arbitraries.of(table.hooks()).map(hook -> place(family, table, hook, protocol)));
  }

  private static RulePlace place(IpFamily family, TableName table, Hook hook, int protocol) {
    HeaderMatch header = HeaderMatch.builder(family).protocol(protocol, false).build();
    ImmutableList<Match> matches =
        protocol == IpProtocol.TCP ? ImmutableList.of(SYN) : ImmutableList.of();
    return new RulePlace(family, table, ImmutableSet.of(hook), header, matches);
  }

  @Property
  void whatIsPrintedReadsAsTheSame(@ForAll("placed") Tuple.Tuple2<RulePlace, Target> placed)
      throws IOException {
    assertThat(read(placed.get1(), placed.get2())).isEqualTo(placed.get2());
  }

  @Property
  void targetsOnSetsAreReadAsPrinted(@ForAll("setTargets") Target target) throws IOException {
    RulePlace place = place(IpFamily.IPV4, TableName.MANGLE, Hook.FORWARD, IpProtocol.TCP);
    assertThat(read(place, target)).isEqualTo(target);
  }

  @Provide
  Arbitrary<Target> setTargets() {
    return TargetArbitraries.sets(true);
  }

  private static Target read(RulePlace place, Target target) throws IOException {
    OptionPrinter out = new OptionPrinter();
    out.word("-A").word(place.hooks().iterator().next().name());
    place.header().print(out);
    for (Match match : place.matches()) {
      out.word("-m").word(match.name());
      match.print(out);
    }
    new RuleAction.Extension(target).print(out);
    String text = "*" + place.table() + "\n" + out + "\nCOMMIT\n";
    List<RuleAction> actions =
        RestoreParser.parse("rule", place.family(), new StringReader(text))
            .tables()
            .get(0)
            .chains()
            .stream()
            .flatMap(chain -> chain.rules().stream())
            .map(rule -> rule.action())
            .toList();
    return ((RuleAction.Extension) actions.get(0)).target();
  }
}
