package dev.packetpath.core.host;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.testing.PacketArbitraries;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Prefixes that lie in and beside each other, and the addresses at their bounds. */
final class NearPrefixes {
  private NearPrefixes() {}

  /** Returns addresses of which many differ in a few bits. */
  static Arbitrary<IpAddress> addresses() {
    Arbitrary<Integer> shifts =
        Arbitraries.oneOf(Arbitraries.integers().between(0, 120), Arbitraries.of(0, 62, 64));
    Arbitrary<Integer> bits =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 3), Arbitraries.integers().between(0, 255));
    Arbitrary<IpAddress> base =
        Arbitraries.of("10.0.0.0", "10.128.0.0", "255.255.255.0", "0.0.0.0", "fd00::")
            .map(IpAddress::parse);
    Arbitrary<IpAddress> near =
        Combinators.combine(base, shifts, bits, shifts, bits)
            .as((from, shift, one, next, other) -> flip(flip(from, shift, one), next, other));
    return Arbitraries.oneOf(
        near,
        near,
        PacketArbitraries.addresses(IpFamily.IPV4),
        PacketArbitraries.addresses(IpFamily.IPV6));
  }

  private static IpAddress flip(IpAddress base, int shift, int bits) {
    if (base.family() == IpFamily.IPV4) {
      return IpAddress.ipv4(base.ipv4Bits() ^ (bits << (shift % 25)));
    }
    return shift < Long.SIZE
        ? IpAddress.ipv6(base.high(), base.low() ^ (long) bits << shift)
        : IpAddress.ipv6(base.high() ^ (long) bits << shift, base.low());
  }

  /** Returns prefixes of such addresses. */
  static Arbitrary<IpPrefix> prefixes() {
    return Combinators.combine(
            addresses(),
            Arbitraries.oneOf(
                Arbitraries.integers().between(0, 128),
                Arbitraries.of(8, 24, 26, 32, 62, 64, 66, 128)))
        .as((address, length) -> IpPrefix.of(address, Math.min(length, address.family().bits())));
  }

  /** Returns the first and the last address of a prefix with those before and behind them. */
  static Stream<IpAddress> bounds(IpPrefix prefix) {
    IpAddress first = prefix.address();
    long hostHigh = ~IpPrefix.maskHigh(prefix.family(), prefix.length());
    long hostLow = ~IpPrefix.maskLow(prefix.family(), prefix.length());
    if (prefix.family() == IpFamily.IPV4) {
      long last = first.low() | (hostLow & 0xffff_ffffL);
      return LongStream.of(first.low() - 1, first.low(), last, last + 1)
          .mapToObj(low -> IpAddress.ipv4((int) low));
    }
    IpAddress last = IpAddress.ipv6(first.high() | hostHigh, first.low() | hostLow);
    return Stream.of(
        IpAddress.ipv6(first.high() - (first.low() == 0 ? 1 : 0), first.low() - 1),
        first,
        last,
        IpAddress.ipv6(last.high() + (last.low() == -1 ? 1 : 0), last.low() + 1));
  }
}
