package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchForm;
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
 * {@code -m sctp}: ports and chunks of an SCTP packet.
 *
 * <p>Source: net/netfilter/xt_sctp.c, Linux 6.1; libxt_sctp, iptables 1.8.9.
 *
 * @param source the source ports, if asked for
 * @param destination the destination ports, if asked for
 * @param chunks what is asked of the chunks
 */
public record SctpMatch(
    Optional<PortRange> source, Optional<PortRange> destination, Optional<SctpChunkTest> chunks)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("sctp")
          .option(OptionSpec.value("--sport", "--source-port").orInverted())
          .option(OptionSpec.value("--dport", "--destination-port").orInverted())
          .option(OptionSpec.twoValues("--chunk-types").orInverted())
          .readBy(SctpMatch::read);

  private static final int HEADER_BYTES = 12;

  private static SctpMatch read(OptionValues options) {
    return new SctpMatch(
        options.get("--sport").map(given -> PortRange.read(options, "--sport", IpProtocol.SCTP)),
        options.get("--dport").map(given -> PortRange.read(options, "--dport", IpProtocol.SCTP)),
        options.get("--chunk-types").map(given -> SctpChunkNames.read(options, given)));
  }

  @Override
  public String name() {
    return "sctp";
  }

  @Override
  public void print(OptionPrinter out) {
    source.ifPresent(range -> range.printAlways(out, "--sport"));
    destination.ifPresent(range -> range.printAlways(out, "--dport"));
    chunks.ifPresent(test -> SctpChunkNames.print(out, test));
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return RequiredProtocol.refusal(place, name(), IpProtocol.SCTP);
  }

  @Override
  public MatchForm form() {
    return chunks.isEmpty()
        ? new MatchForm.Ports(
            source.orElse(PortRange.ANY).interval(),
            destination.orElse(PortRange.ANY).interval(),
            0,
            0,
            false,
            false)
        : MatchForm.FUNCTION;
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
      return MatchResult.DROP;
    }
    if ((source.isPresent() && !source.get().matches(packet.sourcePort()))
        || (destination.isPresent() && !destination.get().matches(packet.destinationPort()))) {
      return MatchResult.NO;
    }
    return chunks.isEmpty()
        ? MatchResult.YES
        : chunks.get().test(RawHeader.of(packet), HEADER_BYTES);
  }
}
