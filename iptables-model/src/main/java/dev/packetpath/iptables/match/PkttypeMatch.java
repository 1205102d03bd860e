package dev.packetpath.iptables.match;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.packet.LinkType;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;

/**
 * {@code -m pkttype}: to whom the link layer addressed the packet.
 *
 * <p>Source: net/netfilter/xt_pkttype.c, Linux 6.1.
 *
 * @param type to whom; no rule can name {@link LinkType#LOOPBACK}
 * @param inverted whether the sense is reversed
 */
public record PkttypeMatch(LinkType type, boolean inverted) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("pkttype")
          .option(OptionSpec.value("--pkt-type").orInverted())
          .readBy(PkttypeMatch::read);

  private static final ImmutableMap<String, LinkType> NAMES =
      ImmutableMap.<String, LinkType>builder()
          .put("unicast", LinkType.HOST)
          .put("broadcast", LinkType.BROADCAST)
          .put("multicast", LinkType.MULTICAST)
          .put("otherhost", LinkType.OTHERHOST)
          .put("host", LinkType.HOST)
          .put("bcast", LinkType.BROADCAST)
          .put("mcast", LinkType.MULTICAST)
          .buildOrThrow();

  /**
   * Creates a match.
   *
   * @throws IllegalArgumentException if the type is LOOPBACK
   */
  public PkttypeMatch {
    checkArgument(type != LinkType.LOOPBACK, "no rule can name %s", type);
  }

  private static PkttypeMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--pkt-type");
    LinkType type = NAMES.get(Ascii.toLowerCase(given.value()));
    if (type == null) {
      throw options.error(
          given, "\"" + given.value() + "\"", "one of " + String.join(", ", NAMES.keySet()));
    }
    return new PkttypeMatch(type, given.inverted());
  }

  @Override
  public String name() {
    return "pkttype";
  }

  @Override
  public void print(OptionPrinter out) {
    String text = type == LinkType.HOST ? "unicast" : Ascii.toLowerCase(type.name());
    out.option(inverted, "--pkt-type", text);
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of((typeOf(packet) == type) != inverted);
  }

  /** A host's copy of what it sent itself counts by whom that went to. */
  private static LinkType typeOf(Packet packet) {
    LinkType type = packet.linkType();
    if (type != LinkType.LOOPBACK) {
      return type;
    }
    return packet.destination().isMulticast() ? LinkType.MULTICAST : LinkType.BROADCAST;
  }
}
