package dev.packetpath.iptables.match;

import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchForm;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.MarkValue;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m mark}: bits of the packet mark.
 *
 * <p>Source: net/netfilter/xt_mark.c, Linux 6.1.
 *
 * @param mark the value and the bits that count
 * @param inverted whether the sense is reversed
 */
public record MarkMatch(MarkValue mark, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("mark")
          .option(OptionSpec.value("--mark").orInverted())
          .readBy(MarkMatch::read);

  private static MarkMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--mark");
    return new MarkMatch(MarkValue.read(options, given), given.inverted());
  }

  @Override
  public String name() {
    return "mark";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--mark", mark.toString());
  }

  @Override
  public MatchForm form() {
    return new MatchForm.Mark(mark.mask(), mark.value(), inverted);
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) ->
        MatchResult.of(((packet.mark() & mark.mask()) == mark.value()) != inverted);
  }
}
