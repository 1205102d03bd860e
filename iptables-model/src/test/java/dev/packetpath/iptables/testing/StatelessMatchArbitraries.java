package dev.packetpath.iptables.testing;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Maps;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.match.AhMatch;
import dev.packetpath.iptables.match.DccpMatch;
import dev.packetpath.iptables.match.EcnMatch;
import dev.packetpath.iptables.match.EspMatch;
import dev.packetpath.iptables.match.FlagTest;
import dev.packetpath.iptables.match.Icmp6Match;
import dev.packetpath.iptables.match.IcmpMatch;
import dev.packetpath.iptables.match.IcmpTypeTest;
import dev.packetpath.iptables.match.MultiportMatch;
import dev.packetpath.iptables.match.NumberRange;
import dev.packetpath.iptables.match.PortRange;
import dev.packetpath.iptables.match.SctpChunkTest;
import dev.packetpath.iptables.match.SctpMatch;
import dev.packetpath.iptables.match.TcpFlagTest;
import dev.packetpath.iptables.match.TcpMatch;
import dev.packetpath.iptables.match.TcpmssMatch;
import dev.packetpath.iptables.match.UdpMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Matches without a state, in the form in which they are read back from what they print. */
public final class StatelessMatchArbitraries {
  private static final long MAX_WORD = 0xffff_ffffL;

  private static final ImmutableMap<IpFamily, Arbitrary<Match>> KINDS =
      Maps.toMap(List.of(IpFamily.values()), StatelessMatchArbitraries::kinds);

  private StatelessMatchArbitraries() {}

  /** Returns the matches that iptables and the kernel accept at a place. */
  public static Arbitrary<Match> fitting(RulePlace place) {
    return of(place.family()).filter(match -> match.refusal(place).isEmpty());
  }

  /** Returns the matches of a family; most are accepted in some rules only. */
  public static Arbitrary<Match> of(IpFamily family) {
    return KINDS.get(family);
  }

  private static Arbitrary<Match> kinds(IpFamily family) {
    List<Arbitrary<? extends Match>> kinds = new ArrayList<>(ofProtocols(family));
    kinds.addAll(PacketMatchArbitraries.all(family));
    if (family == IpFamily.IPV6) {
      kinds.addAll(ExtensionHeaderArbitraries.all());
    }
    return Arbitraries.oneOf(kinds);
  }

  private static List<Arbitrary<? extends Match>> ofProtocols(IpFamily family) {
    Arbitrary<Optional<PortRange>> givenPorts = ports(true).optional();
    return List.of(
        Combinators.combine(ports(false), ports(false), tcpFlags(), numbers(0, 255), booleans())
            .as(
                (source, destination, flags, option, inverted) ->
                    new TcpMatch(source, destination, flags, option, inverted && option != 0)),
        Combinators.combine(ports(false), ports(false)).as(UdpMatch::new),
        Combinators.combine(givenPorts, givenPorts, chunks().optional()).as(SctpMatch::new),
        Combinators.combine(
                givenPorts, givenPorts, numbers(0, 0x7ff), booleans(), single(1, 255).optional())
            .as(
                (source, destination, types, inverted, option) ->
                    new DccpMatch(source, destination, types, inverted && types != 0, option)),
        multiport(),
        icmp(family),
        range(0xffff).filter(mss -> mss.first() <= mss.last()).map(TcpmssMatch::new),
        Combinators.combine(flags(), flags(), single(0, 3).optional())
            .as(EcnMatch::new)
            .filter(ecn -> !ecn.equals(NO_ECN)),
        unlessAll(MAX_WORD).map(EspMatch::new),
        Combinators.combine(unlessAll(MAX_WORD), single(1, 40).optional(), booleans())
            .as(
                (spi, length, reserved) ->
                    family == IpFamily.IPV4
                        ? new AhMatch(spi, Optional.empty(), false)
                        : new AhMatch(spi, length, reserved)));
  }

  private static final EcnMatch NO_ECN =
      new EcnMatch(FlagTest.NOT_ASKED, FlagTest.NOT_ASKED, Optional.empty());

  private static Arbitrary<Match> icmp(IpFamily family) {
    Arbitrary<IcmpTypeTest> types =
        Combinators.combine(numbers(0, 254), numbers(-1, 255))
            .as(
                (type, code) ->
                    code < 0 ? IcmpTypeTest.anyCode(type) : IcmpTypeTest.of(type, code));
    return Combinators.combine(types, booleans())
        .as(
            (type, inverted) ->
                family == IpFamily.IPV4
                    ? new IcmpMatch(type, inverted)
                    : new Icmp6Match(type, inverted));
  }

  private static Arbitrary<MultiportMatch> multiport() {
    Arbitrary<PortRange> ranges =
        Combinators.combine(PacketArbitraries.ports(), PacketArbitraries.ports())
            .as((one, other) -> new PortRange(Math.min(one, other), Math.max(one, other), false));
    return Combinators.combine(
            Arbitraries.of(MultiportMatch.Side.class),
            ranges.list().ofMinSize(1).ofMaxSize(7),
            booleans())
        .as(
            (side, ports, inverted) ->
                new MultiportMatch(side, ImmutableList.copyOf(ports), inverted));
  }

  private static Arbitrary<SctpChunkTest> chunks() {
    Arbitrary<SctpChunkTest.Flags> flags =
        Combinators.combine(numbers(0, 15), numbers(0, 15))
            .as((mask, value) -> new SctpChunkTest.Flags(mask, value & mask));
    return Combinators.combine(
            Arbitraries.of(SctpChunkTest.Mode.class),
            booleans(),
            Arbitraries.maps(Arbitraries.of(0, 1, 2, 3, 64, 130, 192), flags).ofMaxSize(4),
            booleans())
        .as(
            (mode, all, types, inverted) -> {
              types.replaceAll((type, asked) -> type == 0 ? asked : SctpChunkTest.Flags.ANY);
              return new SctpChunkTest(
                  mode,
                  all,
                  all ? ImmutableSortedMap.of() : ImmutableSortedMap.copyOf(types),
                  inverted);
            });
  }

  private static Arbitrary<TcpFlagTest> tcpFlags() {
    return Combinators.combine(numbers(0, 0x3f), numbers(0, 0x3f), booleans())
        .as((mask, set, inverted) -> new TcpFlagTest(mask, mask == 0 ? 0 : set, inverted));
  }

  private static Arbitrary<PortRange> ports(boolean all) {
    return Combinators.combine(PacketArbitraries.ports(), PacketArbitraries.ports(), booleans())
        .as(
            (one, other, inverted) ->
                new PortRange(Math.min(one, other), Math.max(one, other), inverted))
        .injectDuplicates(0.1)
        .map(range -> all || range.last() != 0xffff ? range : PortRange.ANY);
  }

  static Arbitrary<FlagTest> flags() {
    return Arbitraries.of(FlagTest.class);
  }

  static Arbitrary<Boolean> booleans() {
    return Arbitraries.of(true, false);
  }

  static Arbitrary<Integer> numbers(int first, int last) {
    return Arbitraries.integers().between(first, last);
  }

  /** Returns ranges of numbers up to {@code max}, empty ones too. */
  static Arbitrary<NumberRange> range(long max) {
    Arbitrary<Long> ends = Arbitraries.longs().between(0, max);
    return Combinators.combine(ends, ends, booleans()).as(NumberRange::new);
  }

  /** Returns ranges without the whole one under {@code !}, which is forgotten when printed. */
  static Arbitrary<NumberRange> unlessAll(long max) {
    return range(max)
        .map(
            range ->
                range.first() == 0 && range.last() == max ? new NumberRange(0, max, false) : range);
  }

  static Arbitrary<NumberRange> single(long first, long last) {
    return Combinators.combine(Arbitraries.longs().between(first, last), booleans())
        .as((number, inverted) -> new NumberRange(number, number, inverted));
  }
}
