package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m hbh}: the hop-by-hop options header of an IPv6 packet. The packet model has none, so no
 * packet matches, inverted or not.
 *
 * <p>Source: net/ipv6/netfilter/ip6t_hbh.c, Linux 6.1; libip6t_hbh, iptables 1.8.9.
 *
 * @param test what is asked of it
 */
public record HbhMatch(Ipv6OptionsTest test) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      Ipv6OptionsTest.syntax(ExtensionSyntax.<Match>named("hbh").only(IpFamily.IPV6), "--hbh")
          .readBy(HbhMatch::read);

  private static HbhMatch read(OptionValues options) {
    return new HbhMatch(Ipv6OptionsTest.read(options, "--hbh"));
  }

  @Override
  public String name() {
    return "hbh";
  }

  @Override
  public void print(OptionPrinter out) {
    test.print(out, "--hbh");
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> ExtensionSearch.withoutHeader(packet);
  }
}
