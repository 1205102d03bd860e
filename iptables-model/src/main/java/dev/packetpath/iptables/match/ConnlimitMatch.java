package dev.packetpath.iptables.match;

import com.google.common.primitives.UnsignedInts;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
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
 * {@code -m connlimit}: how many connections the rule has seen from one address or network that are
 * still there, the packet's own included. A packet that has no place in the count is dropped.
 *
 * <p>Source: net/netfilter/xt_connlimit.c, Linux 6.1; iptables 1.8.9, libxt_connlimit.c.
 *
 * @param family the family of the addresses
 * @param limit how many, unsigned
 * @param upto whether the match holds up to the limit, and not above it
 * @param prefix the bits of an address that count
 * @param destination whether the destination counts, and not the source
 */
public record ConnlimitMatch(
    IpFamily family, int limit, boolean upto, int prefix, boolean destination) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("connlimit")
          .option(OptionSpec.value("--connlimit-upto").orInverted())
          .option(OptionSpec.value("--connlimit-above").orInverted())
          .option(OptionSpec.value("--connlimit-mask"))
          .option(OptionSpec.flag("--connlimit-saddr"))
          .option(OptionSpec.flag("--connlimit-daddr"))
          .readBy(ConnlimitMatch::read);

  private static final int MOST_IPV4_PREFIX = 255;

  private static ConnlimitMatch read(OptionValues options) {
    OptionValues.Given given = options.exactlyOne("--connlimit-upto", "--connlimit-above");
    options.atMostOne("--connlimit-saddr", "--connlimit-daddr");
    IpFamily family = options.family();
    int most = family == IpFamily.IPV4 ? MOST_IPV4_PREFIX : family.bits();
    int prefix =
        options
            .get("--connlimit-mask")
            .map(mask -> Math.min(PrefixText.read(options, mask, most), family.bits()))
            .orElse(family.bits());
    return new ConnlimitMatch(
        family,
        (int) options.number(given, given.value(), 0, 0xffff_ffffL),
        given.option().name().equals("--connlimit-upto") != given.inverted(),
        prefix,
        options.has("--connlimit-daddr"));
  }

  @Override
  public boolean sharesState() {
    return true;
  }

  @Override
  public String name() {
    return "connlimit";
  }

  @Override
  public void print(OptionPrinter out) {
    out.option(upto ? "--connlimit-upto" : "--connlimit-above", UnsignedInts.toString(limit))
        .option("--connlimit-mask", Integer.toString(prefix))
        .word(destination ? "--connlimit-daddr" : "--connlimit-saddr");
  }

  @Override
  public boolean needsConntrack() {
    return true;
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    ConnectionCount count = new ConnectionCount(context.conntrack());
    return (packet, state) -> test(count, packet);
  }

  private MatchResult test(ConnectionCount count, Packet packet) {
    long high = destination ? packet.destinationHigh() : packet.sourceHigh();
    long low = destination ? packet.destinationLow() : packet.sourceLow();
    int connections =
        count.count(
            packet,
            high & IpPrefix.maskHigh(family, prefix),
            low & IpPrefix.maskLow(family, prefix));
    if (connections == 0) {
      return MatchResult.DROP;
    }
    return MatchResult.of((Integer.compareUnsigned(connections, limit) > 0) != upto);
  }
}
