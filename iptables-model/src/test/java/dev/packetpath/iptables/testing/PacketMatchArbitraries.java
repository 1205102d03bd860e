package dev.packetpath.iptables.testing;

import static dev.packetpath.iptables.testing.StatelessMatchArbitraries.booleans;
import static dev.packetpath.iptables.testing.StatelessMatchArbitraries.flags;
import static dev.packetpath.iptables.testing.StatelessMatchArbitraries.numbers;
import static dev.packetpath.iptables.testing.StatelessMatchArbitraries.range;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.MacAddress;
import dev.packetpath.core.packet.LinkType;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.DeviceMatch;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.match.AddressRange;
import dev.packetpath.iptables.match.AddressTypes;
import dev.packetpath.iptables.match.AddrtypeMatch;
import dev.packetpath.iptables.match.DevgroupMatch;
import dev.packetpath.iptables.match.DscpMatch;
import dev.packetpath.iptables.match.FlagTest;
import dev.packetpath.iptables.match.HlMatch;
import dev.packetpath.iptables.match.HopLimitTest;
import dev.packetpath.iptables.match.IprangeMatch;
import dev.packetpath.iptables.match.LengthMatch;
import dev.packetpath.iptables.match.MacMatch;
import dev.packetpath.iptables.match.NamedBits;
import dev.packetpath.iptables.match.NumberRange;
import dev.packetpath.iptables.match.OwnerMatch;
import dev.packetpath.iptables.match.PhysdevMatch;
import dev.packetpath.iptables.match.PkttypeMatch;
import dev.packetpath.iptables.match.RealmMatch;
import dev.packetpath.iptables.match.RpfilterMatch;
import dev.packetpath.iptables.match.SearchPattern;
import dev.packetpath.iptables.match.StringMatch;
import dev.packetpath.iptables.match.TosMatch;
import dev.packetpath.iptables.match.TtlMatch;
import dev.packetpath.iptables.match.U32Match;
import dev.packetpath.iptables.match.U32Test;
import dev.packetpath.iptables.syntax.TosValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * Matches without a state, short enough for a word of 1,023 bytes, on what every packet has,
 * whatever its protocol.
 */
final class PacketMatchArbitraries {
  private static final long MAX_WORD = 0xffff_ffffL;
  private static final PhysdevMatch NO_PORT =
      new PhysdevMatch(
          DeviceMatch.ANY,
          DeviceMatch.ANY,
          FlagTest.NOT_ASKED,
          FlagTest.NOT_ASKED,
          FlagTest.NOT_ASKED);

  private PacketMatchArbitraries() {}

  static List<Arbitrary<? extends Match>> all(IpFamily family) {
    List<Arbitrary<? extends Match>> all = new ArrayList<>(devicesAndOwners(family));
    Arbitrary<Boolean> inverted = booleans();
    Arbitrary<Optional<AddressRange>> addresses =
        Combinators.combine(
                PacketArbitraries.addresses(family), PacketArbitraries.addresses(family), inverted)
            .as(AddressRange::new)
            .optional();
    all.addAll(
        List.of(
            range(0xffff).map(LengthMatch::new),
            hopLimit(family),
            Combinators.combine(numbers(0, 255), numbers(0, 255), inverted)
                .as((value, mask, not) -> new TosMatch(new TosValue(value, mask), not)),
            Combinators.combine(numbers(0, 63), inverted).as(DscpMatch::new),
            Combinators.combine(addresses, addresses)
                .as(IprangeMatch::new)
                .filter(match -> match.source().isPresent() || match.destination().isPresent()),
            Combinators.combine(
                    Arbitraries.of(
                        LinkType.HOST, LinkType.BROADCAST, LinkType.MULTICAST, LinkType.OTHERHOST),
                    inverted)
                .as(PkttypeMatch::new),
            Combinators.combine(types(), types(), Arbitraries.of(AddrtypeMatch.Limit.class))
                .as(AddrtypeMatch::new)
                .filter(match -> match.source().bits() != 0 || match.destination().bits() != 0),
            Combinators.combine(u32Test().list().ofMinSize(1).ofMaxSize(4), inverted)
                .as((tests, not) -> new U32Match(ImmutableList.copyOf(tests), not)),
            string()));
    if (family == IpFamily.IPV4) {
      all.add(bits().map(RealmMatch::new));
    }
    return all;
  }

  private static List<Arbitrary<? extends Match>> devicesAndOwners(IpFamily family) {
    Arbitrary<DeviceMatch> ports =
        Combinators.combine(Arbitraries.of("eth0", "veth+", "+"), booleans())
            .as(DeviceMatch::new)
            .optional()
            .map(port -> port.orElse(DeviceMatch.ANY));
    Arbitrary<Optional<NumberRange>> ids =
        range(0xffff_fffeL).filter(id -> id.first() <= id.last()).optional();
    return List.of(
        Combinators.combine(ports, ports, flags(), flags(), flags())
            .as(PhysdevMatch::new)
            .filter(match -> !match.equals(NO_PORT)),
        Combinators.combine(Arbitraries.longs().between(0, (1L << 48) - 1), booleans())
            .as((bits, inverted) -> new MacMatch(new MacAddress(bits), inverted)),
        Combinators.combine(flags(), ids, ids, booleans())
            .as(
                (socket, user, group, further) ->
                    new OwnerMatch(socket, user, group, further && group.isPresent()))
            .filter(match -> !match.equals(NOBODY)),
        Combinators.combine(booleans(), booleans(), booleans(), booleans()).as(RpfilterMatch::new),
        Combinators.combine(bits().optional(), bits().optional())
            .as(DevgroupMatch::new)
            .filter(match -> match.source().isPresent() || match.destination().isPresent()));
  }

  private static final OwnerMatch NOBODY =
      new OwnerMatch(FlagTest.NOT_ASKED, Optional.empty(), Optional.empty(), false);

  private static Arbitrary<Match> hopLimit(IpFamily family) {
    return Combinators.combine(Arbitraries.of(HopLimitTest.Comparison.class), numbers(0, 255))
        .as(HopLimitTest::new)
        .map(test -> family == IpFamily.IPV4 ? new TtlMatch(test) : new HlMatch(test));
  }

  private static Arbitrary<AddressTypes> types() {
    return Combinators.combine(numbers(0, 0xfff), booleans())
        .as((bits, inverted) -> new AddressTypes(bits, inverted && bits != 0));
  }

  private static Arbitrary<NamedBits> bits() {
    Arbitrary<Integer> masks = Arbitraries.of(-1, 0xff, 0);
    return Combinators.combine(numbers(0, 300), masks, booleans()).as(NamedBits::new);
  }

  private static Arbitrary<U32Test> u32Test() {
    Arbitrary<Long> words = Arbitraries.longs().between(0, MAX_WORD);
    Arbitrary<U32Test.Step> steps =
        Combinators.combine(Arbitraries.of(U32Test.Operator.class), words)
            .as(
                (operator, number) -> {
                  boolean shifts =
                      operator == U32Test.Operator.LEFT || operator == U32Test.Operator.RIGHT;
                  return new U32Test.Step(operator, shifts ? number & 31 : number);
                });
    return Combinators.combine(
            words,
            steps.list().ofMaxSize(3),
            range(MAX_WORD)
                .map(range -> new NumberRange(range.first(), range.last(), false))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3))
        .as(
            (start, operations, ranges) ->
                new U32Test(start, ImmutableList.copyOf(operations), ImmutableList.copyOf(ranges)));
  }

  private static Arbitrary<StringMatch> string() {
    Arbitrary<String> text =
        Arbitraries.strings().withChars("aB1 \"'\\|xyz").ofMinLength(1).ofMaxLength(12);
    Arbitrary<String> bytes =
        Arbitraries.strings().withCharRange('\0', '\u00ff').ofMinLength(1).ofMaxLength(127);
    return Combinators.combine(
            Arbitraries.oneOf(text, bytes).map(SearchPattern::new),
            Arbitraries.of(StringMatch.Algorithm.class),
            numbers(0, 100),
            Arbitraries.of(100, 1500, StringMatch.END),
            booleans(),
            booleans())
        .as(StringMatch::new);
  }
}
