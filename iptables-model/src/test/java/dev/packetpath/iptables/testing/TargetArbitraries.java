package dev.packetpath.iptables.testing;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Maps;
import dev.packetpath.conntrack.Zone;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.ipset.MapOptions;
import dev.packetpath.iptables.ipset.PacketAdd;
import dev.packetpath.iptables.ipset.SetDimensions;
import dev.packetpath.iptables.syntax.MarkValue;
import dev.packetpath.iptables.syntax.TosValue;
import dev.packetpath.iptables.target.AuditTarget;
import dev.packetpath.iptables.target.ChecksumTarget;
import dev.packetpath.iptables.target.ClassifyTarget;
import dev.packetpath.iptables.target.ConnmarkTarget;
import dev.packetpath.iptables.target.ConnsecmarkTarget;
import dev.packetpath.iptables.target.CtTarget;
import dev.packetpath.iptables.target.DscpTarget;
import dev.packetpath.iptables.target.EcnTarget;
import dev.packetpath.iptables.target.HlTarget;
import dev.packetpath.iptables.target.HopLimitChange;
import dev.packetpath.iptables.target.IdletimerTarget;
import dev.packetpath.iptables.target.LogTarget;
import dev.packetpath.iptables.target.MarkTarget;
import dev.packetpath.iptables.target.NflogTarget;
import dev.packetpath.iptables.target.NfqueueTarget;
import dev.packetpath.iptables.target.NotrackTarget;
import dev.packetpath.iptables.target.RejectTarget;
import dev.packetpath.iptables.target.RejectType;
import dev.packetpath.iptables.target.SecmarkTarget;
import dev.packetpath.iptables.target.SetSide;
import dev.packetpath.iptables.target.SetTarget;
import dev.packetpath.iptables.target.TcpmssTarget;
import dev.packetpath.iptables.target.TcpoptstripTarget;
import dev.packetpath.iptables.target.TeeTarget;
import dev.packetpath.iptables.target.TosTarget;
import dev.packetpath.iptables.target.TproxyTarget;
import dev.packetpath.iptables.target.TraceTarget;
import dev.packetpath.iptables.target.TtlTarget;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Targets with all that can be written of them. */
public final class TargetArbitraries {
  /** The sets that generated targets name, of addresses; SET is generated where they are wanted. */
  public static final ImmutableList<String> SET_NAMES = ImmutableList.of("blue", "green");

  private static final ImmutableMap<IpFamily, ImmutableList<Arbitrary<? extends Target>>> KINDS =
      Maps.toMap(List.of(IpFamily.values()), TargetArbitraries::kinds);

  private TargetArbitraries() {}

  /** Returns the targets that iptables and the kernel accept at a place; those of SET not. */
  public static Arbitrary<Target> fitting(RulePlace place) {
    List<Arbitrary<? extends Target>> kinds = new ArrayList<>(KINDS.get(place.family()));
    kinds.addAll(NatTargetArbitraries.all(place));
    return Arbitraries.<Target>oneOf(kinds).filter(target -> target.refusal(place).isEmpty());
  }

  private static ImmutableList<Arbitrary<? extends Target>> kinds(IpFamily family) {
    return ImmutableList.<Arbitrary<? extends Target>>builder()
        .addAll(logging())
        .addAll(connections())
        .addAll(headers(family))
        .addAll(others(family))
        .build();
  }

  /** Returns SET on the sets of {@link #SET_NAMES}; a mapping needs table mangle. */
  public static Arbitrary<Target> sets(boolean mapping) {
    Arbitrary<SetSide> sides =
        Combinators.combine(
                Arbitraries.of(SET_NAMES),
                Arbitraries.of(SetDimensions.SOURCE, SetDimensions.DESTINATION))
            .as(SetSide::new);
    Arbitrary<PacketAdd> additions =
        Combinators.combine(Arbitraries.of(true, false), Arbitraries.longs().between(-1, 100))
            .as(PacketAdd::new);
    MapOptions none = new MapOptions(false, false, false);
    return Combinators.combine(sides, additions, sides, Arbitraries.integers().between(0, 2))
        .as(
            (side, addition, other, shape) ->
                switch (shape) {
                  case 0 -> new SetTarget(side, addition, SetSide.NONE, SetSide.NONE, none);
                  case 1 -> new SetTarget(side, addition, other, SetSide.NONE, none);
                  default ->
                      new SetTarget(
                          SetSide.NONE,
                          PacketAdd.DEFAULT,
                          side,
                          mapping ? other : SetSide.NONE,
                          mapping ? new MapOptions(true, false, false) : none);
                });
  }

  /** Returns 32 bits, small numbers as often as large ones. */
  static Arbitrary<Integer> bits() {
    return Arbitraries.oneOf(Arbitraries.integers(), Arbitraries.integers().between(0, 255));
  }

  /** Returns marks with their masks. */
  static Arbitrary<MarkValue> marks() {
    return Combinators.combine(bits(), Arbitraries.oneOf(bits(), Arbitraries.just(-1)))
        .as(MarkValue::new);
  }

  private static Arbitrary<String> prefixes(int maxChars) {
    return Arbitraries.strings()
        .withCharRange('a', 'c')
        .withChars("Z0_- .:\"'\\,")
        .ofMinLength(0)
        .ofMaxLength(maxChars);
  }

  private static List<Arbitrary<? extends Target>> logging() {
    Arbitrary<Integer> shorts = Arbitraries.integers().between(0, 0xffff);
    return List.of(
        Combinators.combine(
                prefixes(29),
                Arbitraries.integers().between(0, 7),
                Arbitraries.subsetOf(LogTarget.DETAILS))
            .as((prefix, level, details) -> new LogTarget(prefix, level, inOrder(details))),
        Combinators.combine(
                prefixes(63), shorts, Arbitraries.of(NflogTarget.Limit.class), bits(), shorts)
            .as(TargetArbitraries::nflog),
        Arbitraries.of(AuditTarget.Type.class).map(AuditTarget::new),
        Combinators.combine(
                Arbitraries.integers().between(1, 10_000),
                Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(27),
                Arbitraries.of(true, false))
            .as(IdletimerTarget::new),
        Arbitraries.just(new TraceTarget()));
  }

  private static ImmutableList<String> inOrder(java.util.Set<String> details) {
    return LogTarget.DETAILS.stream()
        .filter(details::contains)
        .collect(ImmutableList.toImmutableList());
  }

  private static NflogTarget nflog(
      String prefix, int group, NflogTarget.Limit limit, int bytes, int threshold) {
    boolean none = limit == NflogTarget.Limit.RANGE && bytes == 0;
    NflogTarget.Limit real = none ? NflogTarget.Limit.NONE : limit;
    return new NflogTarget(
        prefix, group, real, real == NflogTarget.Limit.NONE ? 0 : bytes, threshold);
  }

  private static List<Arbitrary<? extends Target>> connections() {
    Arbitrary<Zone> zones =
        Combinators.combine(
                Arbitraries.integers().between(1, 0xffff), Arbitraries.integers().between(1, 3))
            .as((id, sides) -> new Zone(id, (sides & 1) != 0, (sides & 2) != 0));
    return List.of(
        Combinators.combine(
                Arbitraries.of(ConnmarkTarget.Mode.class),
                marks(),
                bits(),
                Arbitraries.integers().between(0, 31),
                Arbitraries.of(true, false))
            .as(TargetArbitraries::connmark),
        Combinators.combine(
                Arbitraries.of(true, false),
                Arbitraries.subsetOf(CtTarget.EVENTS),
                Arbitraries.subsetOf(CtTarget.EXPECTATION_EVENTS),
                Arbitraries.oneOf(Arbitraries.just(Zone.DEFAULT), zones))
            .as(
                (notrack, events, expected, zone) ->
                    new CtTarget(
                        notrack,
                        "",
                        CtTarget.EVENTS.stream()
                            .filter(events::contains)
                            .collect(ImmutableList.toImmutableList()),
                        ImmutableList.copyOf(expected),
                        zone,
                        false)),
        zones.map(
            zone ->
                new CtTarget(
                    false,
                    "",
                    ImmutableList.of(),
                    ImmutableList.of(),
                    new Zone(0, zone.original(), zone.reply()),
                    true)),
        Arbitraries.just(
            new CtTarget(
                false, "ftp", ImmutableList.of(), ImmutableList.of(), Zone.DEFAULT, false)),
        Arbitraries.just(new NotrackTarget()),
        Arbitraries.of(true, false).map(ConnsecmarkTarget::new));
  }

  private static ConnmarkTarget connmark(
      ConnmarkTarget.Mode mode, MarkValue mark, int packetMask, int shift, boolean toTheRight) {
    boolean set = mode == ConnmarkTarget.Mode.SET;
    return new ConnmarkTarget(
        mode,
        set ? mark.value() : 0,
        mark.mask(),
        set ? -1 : packetMask,
        shift,
        toTheRight && shift != 0);
  }

  private static List<Arbitrary<? extends Target>> headers(IpFamily family) {
    boolean v4 = family == IpFamily.IPV4;
    Arbitrary<Integer> bytes = Arbitraries.integers().between(0, 255);
    Arbitrary<HopLimitChange> changes =
        Combinators.combine(
                Arbitraries.of(HopLimitChange.Mode.class), Arbitraries.integers().between(1, 255))
            .as(HopLimitChange::new);
    List<Arbitrary<? extends Target>> all = new ArrayList<>();
    all.add(marks().map(MarkTarget::new));
    all.add(bits().map(ClassifyTarget::new));
    all.add(Arbitraries.just(new ChecksumTarget()));
    all.add(Combinators.combine(bytes, bytes).as(TosValue::new).map(TosTarget::new));
    all.add(Arbitraries.integers().between(0, 63).map(DscpTarget::new));
    all.add(v4 ? changes.map(TtlTarget::new) : changes.map(HlTarget::new));
    all.add(Arbitraries.integers().between(0, v4 ? 65515 : 65495).map(TcpmssTarget::new));
    all.add(Arbitraries.just(new TcpmssTarget(TcpmssTarget.CLAMP_TO_PMTU)));
    all.add(
        Arbitraries.integers()
            .between(2, 255)
            .set()
            .ofMaxSize(4)
            .map(kinds -> new TcpoptstripTarget(ImmutableSortedSet.copyOf(kinds))));
    if (v4) {
      Arbitrary<Integer> flags = Arbitraries.integers().between(0, 1);
      Arbitrary<Integer> codepoints = Arbitraries.integers().between(EcnTarget.KEPT, 3);
      all.add(Combinators.combine(flags, flags, codepoints).as(EcnTarget::new));
      all.add(
          Arbitraries.integers()
              .between(0, 3)
              .map(codepoint -> new EcnTarget(EcnTarget.KEPT, EcnTarget.KEPT, codepoint)));
    }
    return all;
  }

  private static List<Arbitrary<? extends Target>> others(IpFamily family) {
    Arbitrary<Integer> shorts = Arbitraries.integers().between(0, 0xffff);
    Arbitrary<IpAddress> addresses = PacketArbitraries.addresses(family);
    List<RejectType> errors = new ArrayList<>(RejectType.of(family));
    errors.remove(RejectType.TCP_RESET);
    return List.of(
        Arbitraries.of(errors).map(RejectTarget::new),
        Arbitraries.just(new RejectTarget(RejectType.TCP_RESET)),
        Combinators.combine(
                Arbitraries.integers().between(0, 100),
                Arbitraries.integers().between(0, 3),
                Arbitraries.of(true, false),
                Arbitraries.of(true, false))
            .as(
                (first, more, bypass, fanout) ->
                    new NfqueueTarget(first, first + more, bypass, fanout && more > 0)),
        Combinators.combine(shorts, addresses, marks()).as(TproxyTarget::new),
        Combinators.combine(addresses.filter(a -> !a.isAny()), Arbitraries.of("", "eth0", "eth+"))
            .as(TeeTarget::new),
        Arbitraries.of("u:r:t", "system_u:object_r:ssh_packet_t:s0-s1:c0.c5")
            .map(SecmarkTarget::new));
  }
}
