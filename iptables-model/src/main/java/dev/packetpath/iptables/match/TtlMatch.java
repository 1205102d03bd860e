package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m ttl}: the time to live of an IPv4 packet.
 *
 * <p>Source: net/netfilter/xt_hl.c, ttl_mt, Linux 6.1.
 *
 * @param test what is asked of it
 */
public record TtlMatch(HopLimitTest test) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      HopLimitTest.options(ExtensionSyntax.<Match>named("ttl").only(IpFamily.IPV4), "--ttl")
          .readBy(TtlMatch::read);

  private static TtlMatch read(OptionValues options) {
    return new TtlMatch(HopLimitTest.read(options, "--ttl"));
  }

  @Override
  public String name() {
    return "ttl";
  }

  @Override
  public void print(OptionPrinter out) {
    test.print(out, "--ttl");
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(test.matches(packet.ttl()));
  }
}
