package dev.packetpath.iptables.match;

import com.google.common.base.Ascii;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Refusal;
import dev.packetpath.iptables.RulePlace;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -m dccp}: ports, packet type and an option of a DCCP packet. The packet model knows the
 * ports alone: whether type and option are as asked is a guess, asked of the host's decisions.
 *
 * <p>Source: net/netfilter/xt_dccp.c, Linux 6.1; libxt_dccp, iptables 1.8.9.
 *
 * @param source the source ports, if asked for
 * @param destination the destination ports, if asked for
 * @param types a bit for each packet type asked for, 0 for none
 * @param typesInverted whether the sense of the types is reversed
 * @param option the option kind, if asked for
 */
public record DccpMatch(
    Optional<PortRange> source,
    Optional<PortRange> destination,
    int types,
    boolean typesInverted,
    Optional<NumberRange> option)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("dccp")
          .option(OptionSpec.value("--sport", "--source-port").orInverted())
          .option(OptionSpec.value("--dport", "--destination-port").orInverted())
          .option(OptionSpec.value("--dccp-types").orInverted())
          .option(OptionSpec.value("--dccp-option").orInverted())
          .readBy(DccpMatch::read);

  private static final ImmutableList<String> TYPES =
      ImmutableList.of(
          "REQUEST",
          "RESPONSE",
          "DATA",
          "ACK",
          "DATAACK",
          "CLOSEREQ",
          "CLOSE",
          "RESET",
          "SYNC",
          "SYNCACK",
          "INVALID");

  private static DccpMatch read(OptionValues options) {
    options.number("--dccp-option", 1, 255, 1);
    return new DccpMatch(
        options.get("--sport").map(given -> PortRange.readUnordered(options, "--sport")),
        options.get("--dport").map(given -> PortRange.readUnordered(options, "--dport")),
        options.get("--dccp-types").map(given -> types(options, given)).orElse(0),
        options.inverted("--dccp-types"),
        NumberRange.single(options, "--dccp-option", 255));
  }

  private static int types(OptionValues options, OptionValues.Given given) {
    int bits = 0;
    for (String name : Splitter.on(',').omitEmptyStrings().split(given.value())) {
      int index = TYPES.indexOf(Ascii.toUpperCase(name));
      if (index < 0) {
        throw options.error(given, "\"" + name + "\"", "a list of " + String.join(", ", TYPES));
      }
      bits |= 1 << index;
    }
    return bits;
  }

  @Override
  public String name() {
    return "dccp";
  }

  @Override
  public void print(OptionPrinter out) {
    source.ifPresent(range -> range.printAlways(out, "--sport"));
    destination.ifPresent(range -> range.printAlways(out, "--dport"));
    printUnknown(out);
  }

  private void printUnknown(OptionPrinter out) {
    if (types != 0) {
      out.option(typesInverted, "--dccp-types", typeList());
    }
    option.ifPresent(kind -> kind.print(out, "--dccp-option"));
  }

  private String typeList() {
    StringBuilder list = new StringBuilder();
    for (int i = 0; i < TYPES.size(); i++) {
      if ((types >>> i & 1) != 0) {
        list.append(list.isEmpty() ? "" : ",").append(TYPES.get(i));
      }
    }
    return list.toString();
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return RequiredProtocol.refusal(place, name(), IpProtocol.DCCP);
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    OptionPrinter unknown = new OptionPrinter();
    printUnknown(unknown);
    String question = "a DCCP packet has " + unknown;
    long site = context.site();
    boolean asks = types != 0 || option.isPresent();
    return (packet, state) -> {
      MatchResult ports = testPorts(packet);
      return ports == MatchResult.YES && asks
          ? MatchResult.of(context.host().decisions().unknown(site, question))
          : ports;
    };
  }

  private MatchResult testPorts(Packet packet) {
    if (packet.isLaterFragment()) {
      return MatchResult.NO;
    }
    if (packet.transportTruncated()) {
      return MatchResult.DROP;
    }
    return MatchResult.of(
        (source.isEmpty() || source.get().matches(packet.sourcePort()))
            && (destination.isEmpty() || destination.get().matches(packet.destinationPort())));
  }
}
