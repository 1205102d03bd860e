package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m dst}: the destination options header of an IPv6 packet. The packet model has none, so
 * no packet matches, inverted or not.
 *
 * <p>Source: net/ipv6/netfilter/ip6t_hbh.c, Linux 6.1; libip6t_dst, iptables 1.8.9.
 *
 * @param test what is asked of it
 */
public record DstMatch(Ipv6OptionsTest test) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      Ipv6OptionsTest.syntax(ExtensionSyntax.<Match>named("dst").only(IpFamily.IPV6), "--dst")
          .readBy(DstMatch::read);

  private static DstMatch read(OptionValues options) {
    return new DstMatch(Ipv6OptionsTest.read(options, "--dst"));
  }

  @Override
  public String name() {
    return "dst";
  }

  @Override
  public void print(OptionPrinter out) {
    test.print(out, "--dst");
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> ExtensionSearch.withoutHeader(packet);
  }
}
