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
 * {@code -m icmp}: type and code of an ICMP header.
 *
 * <p>Source: net/ipv4/netfilter/ip_tables.c, icmp_match, Linux 6.1; the names are those of
 * libipt_icmp, iptables 1.8.9.
 *
 * @param type type and code; type 255 is any
 * @param inverted whether the sense is reversed
 */
public record IcmpMatch(IcmpTypeTest type, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("icmp")
          .only(IpFamily.IPV4)
          .option(OptionSpec.value("--icmp-type").orInverted())
          .readBy(IcmpMatch::read);

  private static final int ANY_TYPE = 255;

  private static final ImmutableMap<String, IcmpTypeTest> NAMES =
      ImmutableMap.<String, IcmpTypeTest>builder()
          .put("any", IcmpTypeTest.anyCode(ANY_TYPE))
          .put("echo-reply", IcmpTypeTest.anyCode(0))
          .put("pong", IcmpTypeTest.anyCode(0))
          .put("destination-unreachable", IcmpTypeTest.anyCode(3))
          .put("network-unreachable", IcmpTypeTest.of(3, 0))
          .put("host-unreachable", IcmpTypeTest.of(3, 1))
          .put("protocol-unreachable", IcmpTypeTest.of(3, 2))
          .put("port-unreachable", IcmpTypeTest.of(3, 3))
          .put("fragmentation-needed", IcmpTypeTest.of(3, 4))
          .put("source-route-failed", IcmpTypeTest.of(3, 5))
          .put("network-unknown", IcmpTypeTest.of(3, 6))
          .put("host-unknown", IcmpTypeTest.of(3, 7))
          .put("network-prohibited", IcmpTypeTest.of(3, 9))
          .put("host-prohibited", IcmpTypeTest.of(3, 10))
          .put("TOS-network-unreachable", IcmpTypeTest.of(3, 11))
          .put("TOS-host-unreachable", IcmpTypeTest.of(3, 12))
          .put("communication-prohibited", IcmpTypeTest.of(3, 13))
          .put("host-precedence-violation", IcmpTypeTest.of(3, 14))
          .put("precedence-cutoff", IcmpTypeTest.of(3, 15))
          .put("source-quench", IcmpTypeTest.anyCode(4))
          .put("redirect", IcmpTypeTest.anyCode(5))
          .put("network-redirect", IcmpTypeTest.of(5, 0))
          .put("host-redirect", IcmpTypeTest.of(5, 1))
          .put("TOS-network-redirect", IcmpTypeTest.of(5, 2))
          .put("TOS-host-redirect", IcmpTypeTest.of(5, 3))
          .put("echo-request", IcmpTypeTest.anyCode(8))
          .put("ping", IcmpTypeTest.anyCode(8))
          .put("router-advertisement", IcmpTypeTest.anyCode(9))
          .put("router-solicitation", IcmpTypeTest.anyCode(10))
          .put("time-exceeded", IcmpTypeTest.anyCode(11))
          .put("ttl-exceeded", IcmpTypeTest.anyCode(11))
          .put("ttl-zero-during-transit", IcmpTypeTest.of(11, 0))
          .put("ttl-zero-during-reassembly", IcmpTypeTest.of(11, 1))
          .put("parameter-problem", IcmpTypeTest.anyCode(12))
          .put("ip-header-bad", IcmpTypeTest.of(12, 0))
          .put("required-option-missing", IcmpTypeTest.of(12, 1))
          .put("timestamp-request", IcmpTypeTest.anyCode(13))
          .put("timestamp-reply", IcmpTypeTest.anyCode(14))
          .put("address-mask-request", IcmpTypeTest.anyCode(17))
          .put("address-mask-reply", IcmpTypeTest.anyCode(18))
          .buildOrThrow();

  private static IcmpMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--icmp-type");
    return new IcmpMatch(IcmpTypeTest.read(options, given, NAMES), given.inverted());
  }

  @Override
  public String name() {
    return "icmp";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--icmp-type", type.type() == ANY_TYPE ? "any" : type.toString());
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return RequiredProtocol.refusal(place, name(), IpProtocol.ICMP);
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> type.test(packet, type.type() == ANY_TYPE, inverted);
  }
}
