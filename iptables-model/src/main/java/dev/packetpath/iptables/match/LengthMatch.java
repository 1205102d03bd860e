package dev.packetpath.iptables.match;

import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m length}: the length of the packet in bytes, IP header included.
 *
 * <p>Source: net/netfilter/xt_length.c, Linux 6.1.
 *
 * @param length the lengths
 */
public record LengthMatch(NumberRange length) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("length")
          .option(OptionSpec.value("--length").orInverted())
          .readBy(LengthMatch::read);

  private static LengthMatch read(OptionValues options) {
    return new LengthMatch(NumberRange.read(options, options.require("--length"), 0xffff));
  }

  @Override
  public String name() {
    return "length";
  }

  @Override
  public void print(OptionPrinter out) {
    length.print(out, "--length");
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(length.matches(packet.length()));
  }
}
