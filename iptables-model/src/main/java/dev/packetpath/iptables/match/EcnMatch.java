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
 * {@code -m ecn}: the ECN bits of the IP header and the two of the TCP header.
 *
 * <p>Source: net/netfilter/xt_ecn.c, Linux 6.1.
 *
 * @param ece the TCP flag ECE
 * @param cwr the TCP flag CWR
 * @param ect the ECN bits of the IP header, 0 to 3
 */
public record EcnMatch(FlagTest ece, FlagTest cwr, Optional<NumberRange> ect) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("ecn")
          .option(OptionSpec.flag("--ecn-tcp-ece").orInverted())
          .option(OptionSpec.flag("--ecn-tcp-cwr").orInverted())
          .option(OptionSpec.value("--ecn-ip-ect").orInverted())
          .readBy(EcnMatch::read);

  private static final int ECE = 0x40;
  private static final int CWR = 0x80;
  private static final int TCP_FLAGS_BYTE = 13;

  private static EcnMatch read(OptionValues options) {
    if (options.all().isEmpty()) {
      throw options.missing("one of --ecn-tcp-ece, --ecn-tcp-cwr, --ecn-ip-ect");
    }
    return new EcnMatch(
        FlagTest.read(options, "--ecn-tcp-ece"),
        FlagTest.read(options, "--ecn-tcp-cwr"),
        NumberRange.single(options, "--ecn-ip-ect", 3));
  }

  @Override
  public String name() {
    return "ecn";
  }

  @Override
  public void print(OptionPrinter out) {
    ece.print(out, "--ecn-tcp-ece");
    cwr.print(out, "--ecn-tcp-cwr");
    ect.ifPresent(range -> range.print(out, "--ecn-ip-ect"));
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return !asksTcp() || place.hasProtocol(IpProtocol.TCP)
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                "--ecn-tcp-ece or --ecn-tcp-cwr without -p tcp",
                "-p tcp, not inverted, in the same rule"));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.of(ipMatches(packet) && tcpMatches(packet));
  }

  private boolean ipMatches(Packet packet) {
    return ect.isEmpty() || ect.get().matches(packet.tos() & 3);
  }

  private boolean tcpMatches(Packet packet) {
    if (!asksTcp()) {
      return true;
    }
    int flags = packet.tcpFlags();
    if (packet.isLaterFragment() || packet.transportTruncated()) {
      RawHeader raw = RawHeader.of(packet);
      if (raw.transportBytes() < Packet.TCP_HEADER_BYTES) {
        return false;
      }
      flags = raw.byteAt(TCP_FLAGS_BYTE);
    }
    return ece.matches((flags & ECE) != 0) && cwr.matches((flags & CWR) != 0);
  }

  private boolean asksTcp() {
    return ece != FlagTest.NOT_ASKED || cwr != FlagTest.NOT_ASKED;
  }
}
