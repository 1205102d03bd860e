package dev.packetpath.iptables.testing;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.DeviceMatch;
import dev.packetpath.iptables.HeaderMatch;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.StandardVerdict;
import dev.packetpath.iptables.TableName;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Rules that iptables and the kernel accept in a chain. */
final class RuleArbitraries {
  /** Matches that drop packets of {@link PacketArbitraries}, which lack what they look for. */
  private static final ImmutableSet<String> DROPPING = ImmutableSet.of("sctp");

  private final IpFamily family;
  private final TableName table;
  private final RulesetArbitraries.Parts parts;

  RuleArbitraries(IpFamily family, TableName table, RulesetArbitraries.Parts parts) {
    this.family = family;
    this.table = table;
    this.parts = parts;
  }

  /**
   * Returns the rules of a chain.
   *
   * @param hooks the hooks that can reach the chain
   * @param callable the chains that it may jump or go to
   */
  Arbitrary<List<Rule>> rules(ImmutableSet<Hook> hooks, List<String> callable) {
    return headers(hooks)
        .flatMap(
            header ->
                rules(new RulePlace(family, table, hooks, header, ImmutableList.of()), callable))
        .list()
        .ofMaxSize(5);
  }

  private Arbitrary<Rule> rules(RulePlace place, List<String> callable) {
    return matches(place)
        .flatMap(
            matches -> {
              ImmutableList<Match> fixed = ImmutableList.copyOf(matches);
              RulePlace full = new RulePlace(family, table, place.hooks(), place.header(), fixed);
              return Combinators.combine(actions(full, callable), RulesetArbitraries.counters())
                  .as((action, counters) -> new Rule(place.header(), fixed, action, counters, 0));
            });
  }

  private Arbitrary<HeaderMatch> headers(ImmutableSet<Hook> hooks) {
    boolean in = !hooks.contains(Hook.OUTPUT) && !hooks.contains(Hook.POSTROUTING);
    boolean out = !hooks.contains(Hook.PREROUTING) && !hooks.contains(Hook.INPUT);
    boolean many = hooks.size() > 1;
    Arbitrary<HeaderMatch.Fragment> fragments =
        family == IpFamily.IPV6
            ? Arbitraries.just(HeaderMatch.Fragment.ANY)
            : Arbitraries.frequency(
                net.jqwik.api.Tuple.of(8, HeaderMatch.Fragment.ANY),
                net.jqwik.api.Tuple.of(1, HeaderMatch.Fragment.LATER),
                net.jqwik.api.Tuple.of(1, HeaderMatch.Fragment.FIRST_OR_WHOLE));
    return Combinators.combine(
            masks(),
            masks(),
            rarely(),
            rarely(),
            devices(in || many),
            devices(out || many),
            protocols(),
            fragments)
        .as(
            (source, destination, notSource, notDestination, from, to, protocol, fragment) -> {
              HeaderMatch.Builder header =
                  HeaderMatch.builder(family)
                      .source(source, notSource)
                      .destination(destination, notDestination)
                      .in(from)
                      .out(to)
                      .fragment(fragment);
              return header
                  .protocol(protocol == NOT_TCP ? IpProtocol.TCP : protocol, protocol == NOT_TCP)
                  .build();
            });
  }

  private static final int NOT_TCP = -2;

  private Arbitrary<Integer> protocols() {
    int icmp = family == IpFamily.IPV4 ? IpProtocol.ICMP : IpProtocol.ICMPV6;
    return Arbitraries.of(
        HeaderMatch.ANY_PROTOCOL,
        HeaderMatch.ANY_PROTOCOL,
        IpProtocol.TCP,
        IpProtocol.TCP,
        IpProtocol.UDP,
        IpProtocol.SCTP,
        icmp,
        200,
        NOT_TCP);
  }

  private static Arbitrary<Boolean> rarely() {
    return Arbitraries.integers().between(0, 7).map(n -> n == 0);
  }

  private Arbitrary<AddressMask> masks() {
    AddressMask any = AddressMask.any(family);
    int bits = family.bits();
    Arbitrary<AddressMask> prefixes =
        Combinators.combine(
                PacketArbitraries.addresses(family),
                Arbitraries.of(bits, bits, bits - 1, bits - 3, bits - 8))
            .as(AddressMask::of);
    Arbitrary<AddressMask> scattered =
        Combinators.combine(
                PacketArbitraries.addresses(family), PacketArbitraries.addresses(family))
            .as((address, mask) -> AddressMask.of(address, mask));
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(5, Arbitraries.just(any)),
        net.jqwik.api.Tuple.of(5, prefixes),
        net.jqwik.api.Tuple.of(1, scattered));
  }

  private static Arbitrary<DeviceMatch> devices(boolean allowed) {
    return allowed
        ? Arbitraries.of(
            DeviceMatch.ANY,
            DeviceMatch.ANY,
            new DeviceMatch("eth0", false),
            new DeviceMatch("eth+", false),
            new DeviceMatch("lo", true),
            new DeviceMatch("eth1", true))
        : Arbitraries.just(DeviceMatch.ANY);
  }

  private Arbitrary<List<Match>> matches(RulePlace place) {
    Arbitrary<Match> stateless = StatelessMatchArbitraries.fitting(place);
    Arbitrary<Match> one =
        parts == RulesetArbitraries.Parts.PLAIN
            ? stateless.filter(match -> !DROPPING.contains(match.name()))
            : Arbitraries.oneOf(stateless, StatefulMatchArbitraries.matches(family));
    return one.filter(match -> match.refusal(place).isEmpty()).list().ofMaxSize(2);
  }

  private Arbitrary<RuleAction> actions(RulePlace place, List<String> callable) {
    List<StandardVerdict> verdicts = new ArrayList<>(List.of(StandardVerdict.values()));
    verdicts.remove(StandardVerdict.QUEUE);
    if (table == TableName.NAT) {
      verdicts.remove(StandardVerdict.DROP);
    }
    List<Arbitrary<RuleAction>> kinds = new ArrayList<>();
    kinds.add(Arbitraries.of(verdicts).map(RuleAction.Standard::new));
    kinds.add(Arbitraries.just(new RuleAction.Continue()));
    if (!callable.isEmpty()) {
      kinds.add(Arbitraries.of(callable).map(RuleAction.Jump::new));
      kinds.add(Arbitraries.of(callable).map(RuleAction.Goto::new));
    }
    if (parts == RulesetArbitraries.Parts.ALL) {
      kinds.add(TargetArbitraries.fitting(place).map(RuleAction.Extension::new));
    }
    return Arbitraries.oneOf(kinds);
  }
}
