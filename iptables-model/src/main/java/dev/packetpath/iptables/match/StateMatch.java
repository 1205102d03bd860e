package dev.packetpath.iptables.match;

import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchForm;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m state}: how the packet relates to its connection; the older form of {@code --ctstate}.
 *
 * <p>Source: net/netfilter/xt_state.c, Linux 6.1; iptables 1.8.9, libxt_conntrack.c.
 *
 * @param states the states asked for, as bits
 * @param inverted whether the sense is reversed
 */
public record StateMatch(int states, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("state")
          .option(OptionSpec.value("--state").orInverted())
          .readBy(StateMatch::read);

  private static StateMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--state");
    return new StateMatch(
        ConnectionStates.read(options, given, ConnectionStates.OF_STATE_MATCH), given.inverted());
  }

  @Override
  public String name() {
    return "state";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--state", ConnectionStates.toText(states));
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public MatchForm form() {
    return new MatchForm.State(states, inverted);
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) ->
        MatchResult.of(((ConnectionStates.of(packet) & states) != 0) != inverted);
  }
}
