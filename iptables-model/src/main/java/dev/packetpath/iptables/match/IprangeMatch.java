package dev.packetpath.iptables.match;

import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import java.util.Optional;

/**
 * {@code -m iprange}: addresses from one to another.
 *
 * <p>Source: net/netfilter/xt_iprange.c, Linux 6.1.
 *
 * @param source the sources, if asked for
 * @param destination the destinations, if asked for
 */
public record IprangeMatch(Optional<AddressRange> source, Optional<AddressRange> destination)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("iprange")
          .option(OptionSpec.value("--src-range").orInverted())
          .option(OptionSpec.value("--dst-range").orInverted())
          .readBy(IprangeMatch::read);

  private static IprangeMatch read(OptionValues options) {
    if (options.all().isEmpty()) {
      throw options.missing("--src-range or --dst-range");
    }
    return new IprangeMatch(
        AddressRange.read(options, "--src-range"), AddressRange.read(options, "--dst-range"));
  }

  @Override
  public String name() {
    return "iprange";
  }

  @Override
  public void print(OptionPrinter out) {
    source.ifPresent(range -> range.print(out, "--src-range"));
    destination.ifPresent(range -> range.print(out, "--dst-range"));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(matches(packet));
  }

  private boolean matches(Packet packet) {
    return (source.isEmpty() || source.get().matches(packet.sourceHigh(), packet.sourceLow()))
        && (destination.isEmpty()
            || destination.get().matches(packet.destinationHigh(), packet.destinationLow()));
  }
}
