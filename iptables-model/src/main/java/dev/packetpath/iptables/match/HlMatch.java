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
 * {@code -m hl}: the hop limit of an IPv6 packet.
 *
 * <p>Source: net/netfilter/xt_hl.c, hl_mt6, Linux 6.1.
 *
 * @param test what is asked of it
 */
public record HlMatch(HopLimitTest test) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      HopLimitTest.options(ExtensionSyntax.<Match>named("hl").only(IpFamily.IPV6), "--hl")
          .readBy(HlMatch::read);

  private static HlMatch read(OptionValues options) {
    return new HlMatch(HopLimitTest.read(options, "--hl"));
  }

  @Override
  public String name() {
    return "hl";
  }

  @Override
  public void print(OptionPrinter out) {
    test.print(out, "--hl");
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(test.matches(packet.ttl()));
  }
}
