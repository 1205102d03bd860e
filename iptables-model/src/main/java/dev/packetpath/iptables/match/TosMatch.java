package dev.packetpath.iptables.match;

import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import dev.packetpath.iptables.syntax.TosValue;

/**
 * {@code -m tos}: bits of the type-of-service byte or of the traffic class.
 *
 * <p>Source: net/netfilter/xt_dscp.c, tos_mt, Linux 6.1.
 *
 * @param tos the value and the bits that count
 * @param inverted whether the sense is reversed
 */
public record TosMatch(TosValue tos, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("tos")
          .option(OptionSpec.value("--tos").orInverted())
          .readBy(TosMatch::read);

  private static TosMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--tos");
    return new TosMatch(TosValue.read(options, given), given.inverted());
  }

  @Override
  public String name() {
    return "tos";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--tos", tos.toString());
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) ->
        MatchResult.of(((packet.tos() & tos.mask()) == tos.value()) != inverted);
  }
}
