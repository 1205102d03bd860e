package dev.packetpath.iptables.match;

import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.DscpClasses;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m dscp}: the upper six bits of the type-of-service byte or of the traffic class.
 *
 * <p>Source: net/netfilter/xt_dscp.c, dscp_mt, Linux 6.1.
 *
 * @param dscp 0 to 63
 * @param inverted whether the sense is reversed
 */
public record DscpMatch(int dscp, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("dscp")
          .option(OptionSpec.value("--dscp").orInverted())
          .option(OptionSpec.value("--dscp-class").orInverted())
          .readBy(DscpMatch::read);

  private static DscpMatch read(OptionValues options) {
    OptionValues.Given given = options.exactlyOne("--dscp", "--dscp-class");
    int dscp =
        given.option().name().equals("--dscp")
            ? (int) options.number(given, given.value(), 0, 63)
            : DscpClasses.read(options, given);
    return new DscpMatch(dscp, given.inverted());
  }

  @Override
  public String name() {
    return "dscp";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--dscp", String.format("0x%02x", dscp));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of((packet.tos() >>> 2 == dscp) != inverted);
  }
}
