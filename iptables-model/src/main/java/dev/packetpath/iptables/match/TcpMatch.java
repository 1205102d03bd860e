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
 * {@code -m tcp}: ports, flags and one option kind of a TCP header.
 *
 * <p>Source: net/netfilter/xt_tcpudp.c, tcp_mt, Linux 6.1.
 *
 * @param source the source ports
 * @param destination the destination ports
 * @param flags what is asked of the flags
 * @param option the TCP option kind asked for, {@link #NO_OPTION} for none
 * @param optionInverted whether the option must be absent
 */
public record TcpMatch(
    PortRange source, PortRange destination, TcpFlagTest flags, int option, boolean optionInverted)
    implements Match {
  /** No option kind is asked for. */
  public static final int NO_OPTION = 0;

  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("tcp")
          .option(OptionSpec.value("--sport", "--source-port").orInverted())
          .option(OptionSpec.value("--dport", "--destination-port").orInverted())
          .option(OptionSpec.flag("--syn").orInverted())
          .option(OptionSpec.twoValues("--tcp-flags").orInverted())
          .option(OptionSpec.value("--tcp-option").orInverted())
          .readBy(TcpMatch::read);

  private static TcpMatch read(OptionValues options) {
    TcpFlagTest flags = TcpFlagTest.ANY;
    for (OptionValues.Given given : options.atMostOne("--syn", "--tcp-flags")) {
      flags =
          given.option().name().equals("--syn")
              ? TcpFlagTest.SYN.invertedIf(given.inverted())
              : TcpFlagTest.read(options, given);
    }
    return new TcpMatch(
        PortRange.read(options, "--sport", IpProtocol.TCP),
        PortRange.read(options, "--dport", IpProtocol.TCP),
        flags,
        (int) options.number("--tcp-option", 1, 255, NO_OPTION),
        options.inverted("--tcp-option"));
  }

  @Override
  public String name() {
    return "tcp";
  }

  @Override
  public void print(OptionPrinter out) {
    source.print(out, "--sport");
    destination.print(out, "--dport");
    if (option != NO_OPTION) {
      out.option(optionInverted, "--tcp-option", Integer.toString(option));
    }
    flags.print(out);
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return RequiredProtocol.refusal(place, name(), IpProtocol.TCP);
  }

  @Override
  public MatchForm form() {
    return option == NO_OPTION
        ? new MatchForm.Ports(
            source.interval(),
            destination.interval(),
            flags.mask(),
            flags.set(),
            flags.inverted(),
            true)
        : MatchForm.FUNCTION;
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> test(packet);
  }

  private MatchResult test(Packet packet) {
    if (packet.isLaterFragment()) {
      return packet.fragmentOffset() == 1 ? MatchResult.DROP : MatchResult.NO;
    }
    if (packet.transportTruncated()) {
      return MatchResult.DROP;
    }
    return MatchResult.of(
        source.matches(packet.sourcePort())
            && destination.matches(packet.destinationPort())
            && flags.matches(packet.tcpFlags())
            && (option == NO_OPTION || hasOption(packet.tcpOptions()) != optionInverted));
  }

  /** Scans kinds 0 and 1 as single bytes and every other kind by its length byte. */
  private boolean hasOption(byte[] options) {
    int at = 0;
    while (at < options.length) {
      int kind = options[at] & 0xff;
      if (kind == option) {
        return true;
      }
      int length = kind < 2 || at + 1 >= options.length ? 1 : options[at + 1] & 0xff;
      at += Math.max(length, 1);
    }
    return false;
  }
}
