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
 * {@code -m udp}: ports of a UDP header. The kernel has a twin for UDP-Lite, but iptables 1.8.9 has
 * no way to ask for it: ports of UDP-Lite are matched by {@link MultiportMatch}.
 *
 * <p>Source: net/netfilter/xt_tcpudp.c, udp_mt, Linux 6.1.
 *
 * @param source the source ports
 * @param destination the destination ports
 */
public record UdpMatch(PortRange source, PortRange destination) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("udp")
          .option(OptionSpec.value("--sport", "--source-port").orInverted())
          .option(OptionSpec.value("--dport", "--destination-port").orInverted())
          .readBy(UdpMatch::read);

  private static UdpMatch read(OptionValues options) {
    return new UdpMatch(
        PortRange.readUnordered(options, "--sport"), PortRange.readUnordered(options, "--dport"));
  }

  @Override
  public String name() {
    return "udp";
  }

  @Override
  public void print(OptionPrinter out) {
    source.print(out, "--sport");
    destination.print(out, "--dport");
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return RequiredProtocol.refusal(place, name(), IpProtocol.UDP);
  }

  @Override
  public MatchForm form() {
    return new MatchForm.Ports(source.interval(), destination.interval(), 0, 0, false, false);
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
    return MatchResult.of(
        source.matches(packet.sourcePort()) && destination.matches(packet.destinationPort()));
  }
}
