package dev.packetpath.testkit;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.PacketArbitraries;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.testing.RulesetArbitraries;
import net.jqwik.api.Arbitrary;

/**
 * The generators of our own property tests, for yours: annotate a method with {@code @Provide} and
 * return one. Addresses and ports are few, so that packets meet rules and one another often; map
 * them to those of your host.
 */
public final class Generators {
  private Generators() {}

  /** Returns addresses of a family: sixteen of 10.0.1.0/28 or fd00:1::/124. */
  public static Arbitrary<IpAddress> addresses(IpFamily family) {
    return PacketArbitraries.addresses(family);
  }

  /** Returns whole TCP, UDP, SCTP and ICMP packets between {@link #addresses}. */
  public static Arbitrary<Packet> packets(IpFamily family) {
    return PacketArbitraries.packets(family);
  }

  /**
   * Returns rule sets that the kernel loads, with all matches and targets, but those on sets, for
   * packets between {@link #addresses}.
   */
  public static Arbitrary<Ruleset> rulesets(IpFamily family) {
    return RulesetArbitraries.rulesets(family, RulesetArbitraries.Parts.ALL);
  }
}
