package dev.packetpath.iptables.testing;

import static dev.packetpath.iptables.testing.StatelessMatchArbitraries.booleans;
import static dev.packetpath.iptables.testing.StatelessMatchArbitraries.flags;
import static dev.packetpath.iptables.testing.StatelessMatchArbitraries.numbers;
import static dev.packetpath.iptables.testing.StatelessMatchArbitraries.single;
import static dev.packetpath.iptables.testing.StatelessMatchArbitraries.unlessAll;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.match.DstMatch;
import dev.packetpath.iptables.match.Eui64Match;
import dev.packetpath.iptables.match.FragMatch;
import dev.packetpath.iptables.match.HbhMatch;
import dev.packetpath.iptables.match.Ipv6OptionsTest;
import dev.packetpath.iptables.match.Ipv6headerMatch;
import dev.packetpath.iptables.match.MhMatch;
import dev.packetpath.iptables.match.NumberRange;
import dev.packetpath.iptables.match.RtMatch;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Matches on the extension headers of IPv6. */
final class ExtensionHeaderArbitraries {
  private static final long MAX_WORD = 0xffff_ffffL;
  private static final NumberRange TYPE_0 = new NumberRange(0, 0, false);

  private ExtensionHeaderArbitraries() {}

  static List<Arbitrary<? extends Match>> all() {
    Arbitrary<Optional<NumberRange>> lengths = single(0, MAX_WORD).optional();
    return List.of(
        Combinators.combine(unlessAll(MAX_WORD), lengths, booleans(), booleans(), flags())
            .as(FragMatch::new),
        routing(lengths),
        options(lengths).map(HbhMatch::new),
        options(lengths).map(DstMatch::new),
        Arbitraries.just(new Eui64Match()),
        unlessAll(255).filter(type -> type.first() <= type.last()).map(MhMatch::new),
        Combinators.combine(numbers(1, 255), booleans(), booleans()).as(Ipv6headerMatch::new));
  }

  private static Arbitrary<RtMatch> routing(Arbitrary<Optional<NumberRange>> lengths) {
    Arbitrary<List<IpAddress>> addresses =
        PacketArbitraries.addresses(IpFamily.IPV6).list().ofMaxSize(16);
    return Combinators.combine(
            single(0, 4).optional(),
            unlessAll(MAX_WORD),
            lengths,
            booleans(),
            addresses,
            booleans())
        .as(
            (type, left, length, reserved, through, anyOrder) -> {
              boolean zero = type.isPresent() && type.get().equals(TYPE_0);
              ImmutableList<IpAddress> list =
                  zero ? ImmutableList.copyOf(through) : ImmutableList.of();
              return new RtMatch(
                  type, left, length, zero && reserved, list, anyOrder && !list.isEmpty());
            });
  }

  private static Arbitrary<Ipv6OptionsTest> options(Arbitrary<Optional<NumberRange>> lengths) {
    Arbitrary<Ipv6OptionsTest.Option> options =
        Combinators.combine(numbers(0, 255), numbers(-1, 254))
            .as(
                (type, length) ->
                    new Ipv6OptionsTest.Option(
                        type, type == 0 ? Ipv6OptionsTest.Option.ANY_LENGTH : length));
    return Combinators.combine(lengths, options.list().ofMaxSize(15))
        .as((length, list) -> new Ipv6OptionsTest(length, ImmutableList.copyOf(list)));
  }
}
