package dev.packetpath.iptables.match;

import static com.google.common.base.Preconditions.checkArgument;

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
 * {@code -m multiport}: a list of ports and ranges, in which a range takes two of the 15 places.
 *
 * <p>Source: net/netfilter/xt_multiport.c, Linux 6.1; libxt_multiport, iptables 1.8.9.
 *
 * @param side whose ports
 * @param ports ports and ranges
 * @param inverted whether the sense is reversed
 */
public record MultiportMatch(Side side, ImmutableList<PortRange> ports, boolean inverted)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("multiport")
          .option(OptionSpec.value(Side.SOURCE.option, "--source-ports").orInverted())
          .option(OptionSpec.value(Side.DESTINATION.option, "--destination-ports").orInverted())
          .option(OptionSpec.value(Side.EITHER.option).orInverted())
          .readBy(MultiportMatch::read);

  private static final int MAX_PLACES = 15;
  private static final int PORTS_BYTES = 4;

  /** Whose ports are asked for. */
  public enum Side {
    /** The source port. */
    SOURCE("--sports"),
    /** The destination port. */
    DESTINATION("--dports"),
    /** Either of the two. */
    EITHER("--ports");

    private final String option;

    Side(String option) {
      this.option = option;
    }
  }

  /** Checks that there is a port and that they fit. */
  public MultiportMatch {
    checkArgument(
        !ports.isEmpty() && places(ports) <= MAX_PLACES,
        "1 to %s places for ports, a range takes two; found %s",
        MAX_PLACES,
        ports);
  }

  private static int places(ImmutableList<PortRange> ports) {
    return ports.stream().mapToInt(range -> range.first() == range.last() ? 1 : 2).sum();
  }

  private static MultiportMatch read(OptionValues options) {
    OptionValues.Given given =
        options.exactlyOne(Side.SOURCE.option, Side.DESTINATION.option, Side.EITHER.option);
    if (!hasPorts(given.protocol())) {
      throw options.error(
          given,
          "ports \"" + given.value() + "\" without a protocol",
          "-p tcp, udp, udplite, sctp or dccp before");
    }
    ImmutableList.Builder<PortRange> ranges = ImmutableList.builder();
    for (String text : Splitter.on(',').split(given.value())) {
      ranges.add(range(options, given, text));
    }
    ImmutableList<PortRange> ports = ranges.build();
    if (places(ports) > MAX_PLACES) {
      throw options.error(
          given,
          places(ports) + " places taken by \"" + given.value() + "\"",
          "at most " + MAX_PLACES + " (a range takes two)");
    }
    return new MultiportMatch(side(given.option().name()), ports, given.inverted());
  }

  private static boolean hasPorts(int protocol) {
    return switch (protocol) {
      case IpProtocol.TCP, IpProtocol.UDP, IpProtocol.UDPLITE, IpProtocol.SCTP, IpProtocol.DCCP ->
          true;
      default -> false;
    };
  }

  private static Side side(String option) {
    for (Side side : Side.values()) {
      if (side.option.equals(option)) {
        return side;
      }
    }
    throw new IllegalArgumentException("an option of multiport, found " + option);
  }

  private static PortRange range(OptionValues options, OptionValues.Given given, String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      int port = Ports.read(options, given, text, given.protocol());
      return new PortRange(port, port, false);
    }
    int first = Ports.read(options, given, text.substring(0, colon), given.protocol());
    int last = Ports.read(options, given, text.substring(colon + 1), given.protocol());
    if (first >= last) {
      throw options.error(given, "\"" + text + "\"", "a range whose first port is below its last");
    }
    return new PortRange(first, last, false);
  }

  @Override
  public String name() {
    return "multiport";
  }

  @Override
  public void print(OptionPrinter out) {
    StringBuilder list = new StringBuilder();
    for (PortRange range : ports) {
      list.append(list.isEmpty() ? "" : ",").append(range.first());
      if (range.first() != range.last()) {
        list.append(':').append(range.last());
      }
    }
    out.option(inverted, side.option, list.toString());
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return hasPorts(place.header().protocol()) && !place.header().protocolInverted()
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "-m multiport", "-p tcp, udp, udplite, sctp or dccp, not inverted, in the rule"));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> test(packet);
  }

  private MatchResult test(Packet packet) {
    if (packet.isLaterFragment()) {
      return MatchResult.NO;
    }
    if (packet.transportTruncated()) {
      RawHeader raw = RawHeader.of(packet);
      return raw.transportBytes() < PORTS_BYTES
          ? MatchResult.DROP
          : test(raw.shortAt(0), raw.shortAt(2));
    }
    return test(packet.sourcePort(), packet.destinationPort());
  }

  private MatchResult test(int sourcePort, int destinationPort) {
    boolean listed =
        switch (side) {
          case SOURCE -> lists(sourcePort);
          case DESTINATION -> lists(destinationPort);
          case EITHER -> lists(sourcePort) || lists(destinationPort);
        };
    return MatchResult.of(listed != inverted);
  }

  private boolean lists(int port) {
    for (int i = 0; i < ports.size(); i++) {
      if (ports.get(i).matches(port)) {
        return true;
      }
    }
    return false;
  }
}
