package dev.packetpath.iptables.match;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -m eui64}: whether the lower half of the IPv6 source is made from the Ethernet source.
 *
 * <p>Source: net/ipv6/netfilter/ip6t_eui64.c, Linux 6.1.
 */
public record Eui64Match() implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("eui64").only(IpFamily.IPV6).readBy(Eui64Match::read);

  private static Eui64Match read(OptionValues options) {
    return new Eui64Match();
  }

  @Override
  public String name() {
    return "eui64";
  }

  @Override
  public void print(OptionPrinter out) {}

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return place.onlyFrom(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "-m eui64 reached from OUTPUT or POSTROUTING",
                "it reached from PREROUTING, INPUT and FORWARD alone"));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) ->
        MatchResult.of(
            packet.sourceMac() != Packet.NO_MAC
                && packet.sourceLow() == identifier(packet.sourceMac()));
  }

  /** RFC 4291, appendix A. */
  private static long identifier(long mac) {
    return ((mac >>> 24) << 40 | 0xff_fe00_0000L | (mac & 0xff_ffff)) ^ 0x0200_0000_0000_0000L;
  }
}
