package dev.packetpath.iptables.match;

import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.ConnectionStatus;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.Decisions;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m helper}: which helper announced the packet's connection. Of a connection that was
 * loaded as an announced one nobody knows by which.
 *
 * <p>Source: net/netfilter/xt_helper.c, Linux 6.1.
 *
 * @param helper the helper's name, "" for any
 * @param inverted whether the sense is reversed
 */
public record HelperMatch(String helper, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("helper")
          .option(OptionSpec.value("--helper").orInverted())
          .readBy(HelperMatch::read);

  private static final int MAX_NAME_CHARS = 29;

  private static HelperMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--helper");
    String name = given.value();
    return new HelperMatch(
        name.length() > MAX_NAME_CHARS ? name.substring(0, MAX_NAME_CHARS) : name,
        given.inverted());
  }

  @Override
  public String name() {
    return "helper";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--helper").quoted(helper);
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    Decisions decisions = context.host().decisions();
    long site = context.site();
    String question =
        "helper " + (helper.isEmpty() ? "" : helper + " ") + "announced the connection";
    return (packet, state) -> {
      Connection connection = PacketConnection.connectionOf(packet);
      String announcedBy = connection.masterHelper();
      boolean known = !announcedBy.isEmpty() && (helper.isEmpty() || helper.equals(announcedBy));
      boolean unknown =
          announcedBy.isEmpty()
              && connection.hasAny(ConnectionStatus.EXPECTED)
              && decisions.unknown(site, question);
      return MatchResult.of((known || unknown) != inverted);
    };
  }
}
