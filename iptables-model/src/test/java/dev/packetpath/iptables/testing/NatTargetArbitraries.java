package dev.packetpath.iptables.testing;

import dev.packetpath.conntrack.NatRange;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.target.DnatTarget;
import dev.packetpath.iptables.target.MasqueradeTarget;
import dev.packetpath.iptables.target.NetmapTarget;
import dev.packetpath.iptables.target.RedirectTarget;
import dev.packetpath.iptables.target.SnatTarget;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** The targets of NAT. */
final class NatTargetArbitraries {
  private NatTargetArbitraries() {}

  /** Returns all of them, with ports where the rule's protocol has some. */
  static List<Arbitrary<? extends Target>> all(RulePlace place) {
    boolean ports =
        place.hasProtocol(IpProtocol.TCP, IpProtocol.UDP, IpProtocol.SCTP, IpProtocol.DCCP);
    IpFamily family = place.family();
    return List.of(
        ranges(family, ports, true, false, true, true).map(DnatTarget::new),
        ranges(family, ports, true, true, true, false).map(SnatTarget::new),
        ranges(family, ports, false, true, false, false).map(MasqueradeTarget::new),
        ranges(family, ports, false, false, false, false).map(RedirectTarget::new),
        networks(family).map(NetmapTarget::new));
  }

  private static Arbitrary<IpPrefix> networks(IpFamily family) {
    return Combinators.combine(
            PacketArbitraries.addresses(family), Arbitraries.integers().between(0, family.bits()))
        .as(IpPrefix::of);
  }

  private static Arbitrary<NatRange> ranges(
      IpFamily family,
      boolean ports,
      boolean addresses,
      boolean fully,
      boolean persistent,
      boolean base) {
    Arbitrary<IpAddress> ends = PacketArbitraries.addresses(family);
    Arbitrary<Integer> numbers = Arbitraries.integers().between(1, 1000);
    Arbitrary<Integer> shapes = Arbitraries.integers().between(0, 31);
    return Combinators.combine(ends, ends, numbers, numbers, shapes)
        .as(
            (first, last, port, more, shape) -> {
              NatRange.Builder range =
                  NatRange.builder()
                      .random((shape & 1) != 0)
                      .randomFully(fully && (shape & 2) != 0)
                      .persistent(persistent && (shape & 4) != 0);
              boolean withPorts = ports && (shape & 8) != 0;
              if (addresses && (!withPorts || (shape & 16) != 0)) {
                range.addresses(first, (shape & 4) != 0 ? last : first);
              }
              if (withPorts) {
                range.ports(port, port + ((shape & 1) != 0 ? more : 0));
                if (base && (shape & 1) != 0 && (shape & 4) != 0) {
                  range.basePort(more);
                }
              }
              return range.build();
            });
  }
}
