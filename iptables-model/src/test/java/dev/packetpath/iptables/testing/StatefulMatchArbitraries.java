package dev.packetpath.iptables.testing;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import com.google.common.collect.Sets;
import dev.packetpath.conntrack.Direction;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.IpvsInfo;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.AddressMask;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.ipset.CounterTest;
import dev.packetpath.iptables.ipset.SetDimensions;
import dev.packetpath.iptables.ipset.TestOptions;
import dev.packetpath.iptables.match.ClusterMatch;
import dev.packetpath.iptables.match.ConnbytesMatch;
import dev.packetpath.iptables.match.ConnlabelMatch;
import dev.packetpath.iptables.match.ConnlimitMatch;
import dev.packetpath.iptables.match.ConnmarkMatch;
import dev.packetpath.iptables.match.ConntrackMatch;
import dev.packetpath.iptables.match.ConntrackTest;
import dev.packetpath.iptables.match.HashlimitMatch;
import dev.packetpath.iptables.match.HashlimitRate;
import dev.packetpath.iptables.match.HelperMatch;
import dev.packetpath.iptables.match.HostMask;
import dev.packetpath.iptables.match.IpvsMatch;
import dev.packetpath.iptables.match.IpvsTest;
import dev.packetpath.iptables.match.LimitMatch;
import dev.packetpath.iptables.match.QuotaMatch;
import dev.packetpath.iptables.match.RecentMatch;
import dev.packetpath.iptables.match.SetMatch;
import dev.packetpath.iptables.match.StateMatch;
import dev.packetpath.iptables.match.StatisticMatch;
import dev.packetpath.iptables.match.TimeMatch;
import dev.packetpath.iptables.match.TupleSide;
import dev.packetpath.iptables.syntax.MarkValue;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Matches on connections, sets, rates and time, with all that can be written of them. */
public final class StatefulMatchArbitraries {
  private static final int SECONDS_A_DAY = 86_400;

  /** What the kernel counts 64 bits of credits for: 37 packets an hour apart, and no more. */
  private static final long MOST_HASHLIMIT_US = 37 * 3_600_000_000L + 1;

  private static final ImmutableMap<IpFamily, Arbitrary<Match>> KINDS =
      Maps.toMap(List.of(IpFamily.values()), StatefulMatchArbitraries::kinds);

  private StatefulMatchArbitraries() {}

  /** Returns the matches that the kernel accepts in any table and chain, without those on sets. */
  public static Arbitrary<Match> matches(IpFamily family) {
    return KINDS.get(family);
  }

  private static Arbitrary<Match> kinds(IpFamily family) {
    return Arbitraries.oneOf(
        List.of(
            states(),
            connections(family),
            Combinators.combine(marks(), yesOrNo()).as(ConnmarkMatch::new),
            statistics(),
            recents(family),
            limits(),
            hashlimits(family),
            connlimits(family),
            amounts(),
            Combinators.combine(Arbitraries.of("ftp", "sip-5061", "a b"), yesOrNo())
                .as(HelperMatch::new),
            Combinators.combine(Arbitraries.longs(), yesOrNo()).as(QuotaMatch::new),
            Combinators.combine(between(0, 127), yesOrNo(), yesOrNo()).as(ConnlabelMatch::new),
            clusters(),
            times(),
            ipvs(family)));
  }

  /** Returns {@code -m set} on the sets of {@link TargetArbitraries#SET_NAMES}. */
  public static Arbitrary<Match> sets() {
    Arbitrary<CounterTest> counters =
        Combinators.combine(Arbitraries.of(CounterTest.Operator.class), Arbitraries.longs())
            .as(
                (operator, value) ->
                    operator == CounterTest.Operator.NONE
                        ? CounterTest.NONE
                        : new CounterTest(operator, value));
    Arbitrary<TestOptions> options =
        Combinators.combine(yesOrNo(), yesOrNo(), yesOrNo(), counters, counters)
            .as(TestOptions::new);
    Arbitrary<SetDimensions> dimensions =
        Arbitraries.of("src", "dst", "src,dst", "dst,dst,src").map(SetDimensions::parse);
    return Combinators.combine(
            Arbitraries.of(TargetArbitraries.SET_NAMES), dimensions, yesOrNo(), options)
        .as(SetMatch::new);
  }

  private static Arbitrary<Boolean> yesOrNo() {
    return Arbitraries.of(true, false);
  }

  private static Arbitrary<Integer> between(int min, int max) {
    return Arbitraries.integers().between(min, max);
  }

  private static Arbitrary<MarkValue> marks() {
    return Combinators.combine(Arbitraries.integers(), Arbitraries.of(-1, 0, 0xff, 1 << 31))
        .as(MarkValue::new);
  }

  private static Arbitrary<HostMask> hosts(IpFamily family) {
    return Combinators.combine(PacketArbitraries.addresses(family), between(0, family.bits()))
        .as((address, length) -> new HostMask(address, AddressMask.of(address, length).mask()));
  }

  private static Arbitrary<StateMatch> states() {
    return Combinators.combine(between(1, 31), yesOrNo()).as(StateMatch::new);
  }

  private static Arbitrary<ConntrackMatch> connections(IpFamily family) {
    Arbitrary<Optional<ConntrackMatch.States>> states =
        Combinators.combine(between(1, 127), yesOrNo()).as(ConntrackMatch.States::new).optional();
    Arbitrary<ConntrackTest> protocols =
        Combinators.combine(between(0, 255), yesOrNo()).as(ConntrackTest.Protocol::new);
    Arbitrary<ConntrackTest> addresses =
        Combinators.combine(Arbitraries.of(TupleSide.class), hosts(family), yesOrNo())
            .as(ConntrackTest.Address::new);
    Arbitrary<ConntrackTest> ports =
        Combinators.combine(
                Arbitraries.of(TupleSide.class),
                PacketArbitraries.ports(),
                PacketArbitraries.ports(),
                yesOrNo())
            .as(ConntrackTest.Port::new);
    Arbitrary<ConntrackTest> status =
        Combinators.combine(between(0, 15), yesOrNo()).as(ConntrackTest.Status::new);
    Arbitrary<ConntrackTest> expiries =
        Combinators.combine(Arbitraries.integers(), Arbitraries.integers(), yesOrNo())
            .as(ConntrackTest.Expires::new);
    Arbitrary<ConntrackTest> ways = Arbitraries.of(Direction.class).map(ConntrackTest.Way::new);
    Arbitrary<ImmutableList<ConntrackTest>> tests =
        Combinators.combine(
                List.of(
                    protocols.optional(),
                    addresses.optional(),
                    ports.optional(),
                    status.optional(),
                    expiries.optional(),
                    ways.optional()))
            .as(
                given ->
                    given.stream()
                        .flatMap(Optional::stream)
                        .collect(ImmutableList.toImmutableList()));
    return Combinators.combine(states, tests)
        .as(ConntrackMatch::new)
        .filter(match -> match.states().isPresent() || !match.tests().isEmpty());
  }

  private static Arbitrary<StatisticMatch> statistics() {
    Arbitrary<StatisticMatch> random =
        Combinators.combine(Arbitraries.longs().between(0, 1L << 31), yesOrNo())
            .as(StatisticMatch.Random::new);
    Arbitrary<StatisticMatch> nth =
        between(1, 1000)
            .flatMap(
                every ->
                    Combinators.combine(between(0, every - 1), yesOrNo())
                        .as((packet, inverted) -> new StatisticMatch.Nth(every, packet, inverted)));
    return Arbitraries.oneOf(random, nth);
  }

  private static Arbitrary<RecentMatch> recents(IpFamily family) {
    Arbitrary<RecentMatch.Check> checks =
        Combinators.combine(between(0, 20_000), between(0, 255), yesOrNo(), yesOrNo())
            .as(
                (seconds, hits, reap, ttl) ->
                    new RecentMatch.Check(seconds, hits, reap && seconds != 0, ttl));
    RecentMatch.Check none = new RecentMatch.Check(0, 0, false, false);
    return Combinators.combine(
            Arbitraries.of(RecentMatch.Action.class),
            yesOrNo(),
            checks,
            Arbitraries.of("DEFAULT", "KUBE-SEP-1", "ssh"),
            hosts(family).map(HostMask::mask),
            yesOrNo())
        .as(
            (action, inverted, check, list, mask, destination) ->
                new RecentMatch(
                    action,
                    inverted,
                    action == RecentMatch.Action.CHECK || action == RecentMatch.Action.UPDATE
                        ? check
                        : none,
                    list,
                    mask,
                    destination));
  }

  /** The tokens of a burst fit 32 bits up to some 134,000 seconds at 250 ticks a second. */
  private static Arbitrary<LimitMatch> limits() {
    int mostSeconds = 130_000;
    return Combinators.combine(
            Arbitraries.of(1, 60, 3600), Arbitraries.of(1, 2, 3, 7, 30, 100), between(1, 100))
        .as(
            (unit, rate, burst) ->
                new LimitMatch(10_000 * unit / rate, Math.min(burst, mostSeconds / unit * rate)));
  }

  private static Arbitrary<HashlimitMatch> hashlimits(IpFamily family) {
    Arbitrary<HashlimitRate> packets =
        Combinators.combine(
                yesOrNo(),
                Arbitraries.of(1L, 60L, 3600L),
                Arbitraries.of(1, 2, 3, 7, 30, 100),
                between(1, 100))
            .as(
                (above, unit, rate, burst) ->
                    new HashlimitRate(above, false, 1_000_000 * unit / rate, burst, 0))
            .filter(rate -> rate.period() * rate.burst() < MOST_HASHLIMIT_US);
    Arbitrary<HashlimitRate> counted =
        Combinators.combine(yesOrNo(), between(1, 1000), between(1, 100), between(1, 90))
            .as(
                (above, rate, burst, interval) ->
                    new HashlimitRate(above, false, 1_000_000 / rate, burst, interval));
    Arbitrary<HashlimitRate> bytes =
        Combinators.combine(yesOrNo(), between(1, 200), Arbitraries.of(0, 1), Arbitraries.of(0, 1))
            .as(
                (above, kilobytes, burst, interval) ->
                    new HashlimitRate(
                        above, true, 0xffff_ffffL / (kilobytes * 64L + 1), burst, interval));
    Arbitrary<ImmutableSet<HashlimitMatch.KeyPart>> keys =
        Arbitraries.of(HashlimitMatch.KeyPart.class).set().map(Sets::immutableEnumSet);
    Arbitrary<HashlimitMatch.Sizes> sizes =
        Combinators.combine(
                Arbitraries.longs().between(0, 1000),
                Arbitraries.longs().between(0, 1000),
                Arbitraries.longs().between(1, 5000),
                Arbitraries.of(1L, 1000L, 15_000L, 60_000L))
            .as(HashlimitMatch.Sizes::new);
    return Combinators.combine(
            Arbitraries.oneOf(packets, counted, bytes),
            keys,
            Arbitraries.of("a", "b-1"),
            sizes,
            between(0, family.bits()),
            between(0, family.bits()))
        .as(
            (rate, key, table, size, source, destination) ->
                new HashlimitMatch(
                    family,
                    rate,
                    key,
                    table + (rate.interval() == 0 ? "" : "r"),
                    size,
                    source,
                    destination));
  }

  private static Arbitrary<ConnlimitMatch> connlimits(IpFamily family) {
    return Combinators.combine(
            Arbitraries.integers(), yesOrNo(), between(0, family.bits()), yesOrNo())
        .as(
            (limit, upto, prefix, destination) ->
                new ConnlimitMatch(family, limit, upto, prefix, destination));
  }

  private static Arbitrary<ConnbytesMatch> amounts() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 1L << 40),
            Arbitraries.longs().between(1, 1L << 40),
            yesOrNo(),
            Arbitraries.of(ConnbytesMatch.Amount.class),
            Arbitraries.of(ConnbytesMatch.Side.class))
        .as(
            (from, more, inverted, what, side) ->
                new ConnbytesMatch(from, from + more, inverted, what, side));
  }

  private static Arbitrary<ClusterMatch> clusters() {
    return Combinators.combine(between(6, 32), between(1, 32), Arbitraries.integers(), yesOrNo())
        .as(ClusterMatch::new);
  }

  private static Arbitrary<TimeMatch> times() {
    Arbitrary<TimeMatch.Span> dates =
        Combinators.combine(
                Arbitraries.longs().between(0, Integer.MAX_VALUE),
                Arbitraries.longs().between(1, Integer.MAX_VALUE))
            .as(TimeMatch.Span::new);
    Arbitrary<Long> daytime = Arbitraries.longs().between(0, SECONDS_A_DAY - 1);
    Arbitrary<TimeMatch.Span> daytimes =
        Combinators.combine(daytime, daytime).as(TimeMatch.Span::new);
    return Combinators.combine(
            dates,
            daytimes,
            Arbitraries.integers().map(bits -> bits & -2 | 2),
            between(1, 127).map(bits -> bits << 1),
            yesOrNo(),
            yesOrNo())
        .as(
            (date, day, monthdays, weekdays, zone, contiguous) ->
                new TimeMatch(
                    date, day, monthdays, weekdays, zone, contiguous && day.start() >= day.stop()));
  }

  private static Arbitrary<IpvsMatch> ipvs(IpFamily family) {
    Arbitrary<IpvsTest> addresses =
        Combinators.combine(hosts(family), yesOrNo()).as(IpvsTest.Address::new);
    Arbitrary<IpvsTest> ports =
        Combinators.combine(PacketArbitraries.ports(), yesOrNo()).as(IpvsTest.Port::new);
    Arbitrary<IpvsTest> ways = yesOrNo().map(IpvsTest.Way::new);
    Arbitrary<IpvsTest> methods =
        Combinators.combine(
                Arbitraries.of(
                    IpvsInfo.Method.MASQUERADE,
                    IpvsInfo.Method.TUNNEL,
                    IpvsInfo.Method.DIRECT_ROUTING),
                yesOrNo())
            .as(IpvsTest.Forwarding::new);
    Arbitrary<ImmutableList<IpvsTest>> tests =
        Combinators.combine(
                addresses.optional(), ports.optional(), ways.optional(), methods.optional())
            .as(
                (address, port, way, method) ->
                    List.of(address, port, way, method).stream()
                        .flatMap(Optional::stream)
                        .collect(ImmutableList.toImmutableList()));
    return Combinators.combine(yesOrNo(), tests)
        .as((inverted, asked) -> new IpvsMatch(inverted && asked.isEmpty(), asked));
  }
}
