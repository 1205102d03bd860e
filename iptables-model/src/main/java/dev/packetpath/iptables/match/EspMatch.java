package dev.packetpath.iptables.match;

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
 * {@code -m esp}: the security parameter index of an ESP header.
 *
 * <p>Source: net/netfilter/xt_esp.c, Linux 6.1.
 *
 * @param spi the indexes
 */
public record EspMatch(NumberRange spi) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("esp")
          .option(OptionSpec.value("--espspi").orInverted())
          .readBy(EspMatch::read);

  private static final long MAX_SPI = 0xffff_ffffL;
  private static final int HEADER_BYTES = 8;

  private static EspMatch read(OptionValues options) {
    return new EspMatch(NumberRange.read(options, "--espspi", MAX_SPI));
  }

  @Override
  public String name() {
    return "esp";
  }

  @Override
  public void print(OptionPrinter out) {
    spi.printUnlessAll(out, "--espspi", MAX_SPI);
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return RequiredProtocol.refusal(place, name(), IpProtocol.ESP);
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> test(packet);
  }

  private MatchResult test(Packet packet) {
    if (packet.isLaterFragment()) {
      return MatchResult.NO;
    }
    RawHeader raw = RawHeader.of(packet);
    return raw.transportBytes() < HEADER_BYTES
        ? MatchResult.DROP
        : MatchResult.of(spi.matches(raw.wordAt(0)));
  }
}
