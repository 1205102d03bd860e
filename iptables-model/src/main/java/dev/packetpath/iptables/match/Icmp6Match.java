package dev.packetpath.iptables.match;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -m icmp6}, also written {@code icmpv6}: type and code of an ICMPv6 header.
 *
 * <p>Source: net/ipv6/netfilter/ip6_tables.c, icmp6_match, Linux 6.1; the names are those of
 * libip6t_icmp6, iptables 1.8.9.
 *
 * @param type type and code
 * @param inverted whether the sense is reversed
 */
public record Icmp6Match(IcmpTypeTest type, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("icmp6")
          .only(IpFamily.IPV6)
          .option(OptionSpec.value("--icmpv6-type").orInverted())
          .readBy(Icmp6Match::read);

  private static final ImmutableMap<String, IcmpTypeTest> NAMES =
      ImmutableMap.<String, IcmpTypeTest>builder()
          .put("destination-unreachable", IcmpTypeTest.anyCode(1))
          .put("no-route", IcmpTypeTest.of(1, 0))
          .put("communication-prohibited", IcmpTypeTest.of(1, 1))
          .put("beyond-scope", IcmpTypeTest.of(1, 2))
          .put("address-unreachable", IcmpTypeTest.of(1, 3))
          .put("port-unreachable", IcmpTypeTest.of(1, 4))
          .put("failed-policy", IcmpTypeTest.of(1, 5))
          .put("reject-route", IcmpTypeTest.of(1, 6))
          .put("packet-too-big", IcmpTypeTest.anyCode(2))
          .put("time-exceeded", IcmpTypeTest.anyCode(3))
          .put("ttl-exceeded", IcmpTypeTest.anyCode(3))
          .put("ttl-zero-during-transit", IcmpTypeTest.of(3, 0))
          .put("ttl-zero-during-reassembly", IcmpTypeTest.of(3, 1))
          .put("parameter-problem", IcmpTypeTest.anyCode(4))
          .put("bad-header", IcmpTypeTest.of(4, 0))
          .put("unknown-header-type", IcmpTypeTest.of(4, 1))
          .put("unknown-option", IcmpTypeTest.of(4, 2))
          .put("echo-request", IcmpTypeTest.anyCode(128))
          .put("ping", IcmpTypeTest.anyCode(128))
          .put("echo-reply", IcmpTypeTest.anyCode(129))
          .put("pong", IcmpTypeTest.anyCode(129))
          .put("router-solicitation", IcmpTypeTest.anyCode(133))
          .put("router-advertisement", IcmpTypeTest.anyCode(134))
          .put("neighbour-solicitation", IcmpTypeTest.anyCode(135))
          .put("neighbor-solicitation", IcmpTypeTest.anyCode(135))
          .put("neighbour-advertisement", IcmpTypeTest.anyCode(136))
          .put("neighbor-advertisement", IcmpTypeTest.anyCode(136))
          .put("redirect", IcmpTypeTest.anyCode(137))
          .buildOrThrow();

  private static Icmp6Match read(OptionValues options) {
    OptionValues.Given given = options.require("--icmpv6-type");
    return new Icmp6Match(IcmpTypeTest.read(options, given, NAMES), given.inverted());
  }

  @Override
  public String name() {
    return "icmp6";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--icmpv6-type", type.toString());
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return RequiredProtocol.refusal(place, name(), IpProtocol.ICMPV6);
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> type.test(packet, false, inverted);
  }
}
