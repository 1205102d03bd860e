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
 * {@code -m tcpmss}: the maximum segment size that a TCP option announces.
 *
 * <p>Source: net/netfilter/xt_tcpmss.c, Linux 6.1.
 *
 * @param mss the sizes
 */
public record TcpmssMatch(NumberRange mss) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("tcpmss")
          .option(OptionSpec.value("--mss").orInverted())
          .readBy(TcpmssMatch::read);

  private static final int HEADER_BYTES = 20;
  private static final int MSS_KIND = 2;
  private static final int MSS_BYTES = 4;

  private static TcpmssMatch read(OptionValues options) {
    OptionValues.Given given = options.require("--mss");
    NumberRange mss = NumberRange.read(options, given, 0xffff);
    if (mss.first() > mss.last()) {
      throw options.error(
          given, "\"" + given.value() + "\"", "a range whose first size is not above its last");
    }
    return new TcpmssMatch(mss);
  }

  @Override
  public String name() {
    return "tcpmss";
  }

  @Override
  public void print(OptionPrinter out) {
    mss.print(out, "--mss");
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return RequiredProtocol.refusal(place, name(), IpProtocol.TCP);
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> test(packet);
  }

  private MatchResult test(Packet packet) {
    if (packet.isLaterFragment() || packet.transportTruncated()) {
      return testRaw(RawHeader.of(packet));
    }
    return test(packet.tcpOptions());
  }

  /** Reads whatever lies behind the IP header of a later fragment, as the kernel does. */
  private MatchResult testRaw(RawHeader raw) {
    if (raw.transportBytes() < HEADER_BYTES) {
      return MatchResult.DROP;
    }
    int headerBytes = (raw.byteAt(12) >>> 4) * 4;
    if (headerBytes < HEADER_BYTES || raw.transportBytes() < headerBytes) {
      return MatchResult.DROP;
    }
    byte[] options = new byte[headerBytes - HEADER_BYTES];
    for (int i = 0; i < options.length; i++) {
      options[i] = (byte) raw.byteAt(HEADER_BYTES + i);
    }
    return test(options);
  }

  private MatchResult test(byte[] options) {
    int at = 0;
    while (at < options.length) {
      int kind = options[at] & 0xff;
      int length = at + 1 < options.length ? options[at + 1] & 0xff : 0;
      if (kind == MSS_KIND && length == MSS_BYTES && options.length - at >= MSS_BYTES) {
        return MatchResult.of(
            mss.matches((options[at + 2] & 0xff) << 8 | (options[at + 3] & 0xff)));
      }
      at += kind < 2 ? 1 : Math.max(length, 1);
    }
    return MatchResult.of(mss.inverted());
  }
}
