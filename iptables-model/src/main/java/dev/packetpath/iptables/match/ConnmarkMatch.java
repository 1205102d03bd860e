package dev.packetpath.iptables.match;

import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.MarkValue;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m connmark}: bits of the connection's mark. A packet without a connection never matches,
 * inverted or not.
 *
 * <p>Source: net/netfilter/xt_connmark.c, Linux 6.1.
 *
 * @param mark the value and the bits that count
 * @param inverted whether the sense is reversed
 */
public record ConnmarkMatch(MarkValue mark, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("connmark")
          .option(OptionSpec.value("--mark").orInverted())
          .readBy(ConnmarkMatch::read);

  private static ConnmarkMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--mark");
    return new ConnmarkMatch(MarkValue.read(options, given), given.inverted());
  }

  @Override
  public String name() {
    return "connmark";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--mark", mark.toString());
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(test(packet));
  }

  private boolean test(Packet packet) {
    if (ConnectionStates.hasNone(packet)) {
      return false;
    }
    int bits = PacketConnection.connectionOf(packet).mark();
    return ((bits & mark.mask()) == mark.value()) != inverted;
  }
}
