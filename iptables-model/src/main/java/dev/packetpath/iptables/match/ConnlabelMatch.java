package dev.packetpath.iptables.match;

import dev.packetpath.conntrack.Connection;
import dev.packetpath.conntrack.PacketConnection;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.Numbers;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -m connlabel}: one of the 128 labels of the packet's connection. Names of labels are not
 * resolved.
 *
 * <p>Source: net/netfilter/xt_connlabel.c, Linux 6.1.
 *
 * @param label the label's number
 * @param set whether the label is set where it is not, so that the match holds
 * @param inverted whether the sense is reversed
 */
public record ConnlabelMatch(int label, boolean set, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("connlabel")
          .option(OptionSpec.value("--label").orInverted())
          .option(OptionSpec.flag("--set"))
          .readBy(ConnlabelMatch::read);

  private static final int MAX_LABEL = 127;

  private static ConnlabelMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--label");
    long label = Numbers.parse(given.value());
    if (label < 0 || label > 0xffff) {
      throw options.error(
          given, "\"" + given.value() + "\"", "a number 0 to 127 (names are not resolved)");
    }
    return new ConnlabelMatch((int) label, options.has("--set"), given.inverted());
  }

  @Override
  public String name() {
    return "connlabel";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(inverted, "--label", "\"" + label + "\"");
    if (set) {
      out.word("--set");
    }
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return label > MAX_LABEL
        ? Optional.of(new Refusal("label " + label, "a label 0 to " + MAX_LABEL))
        : Optional.empty();
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(test(packet) != inverted);
  }

  private boolean test(Packet packet) {
    Connection connection = PacketConnection.connectionOf(packet);
    if (!connection.exists()) {
      return false;
    }
    long high = label >= Long.SIZE ? 1L << label : 0;
    long low = label < Long.SIZE ? 1L << label : 0;
    boolean labelled = ((connection.labelsHigh() & high) | (connection.labelsLow() & low)) != 0;
    if (!labelled && set) {
      connection.labels(connection.labelsHigh() | high, connection.labelsLow() | low);
    }
    return labelled || set;
  }
}
