package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpFamily;
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
 * {@code -m ah}: the security parameter index of an authentication header; for IPv6 its length and
 * reserved field too. An IPv6 packet without the header never matches.
 *
 * <p>Source: net/ipv4/netfilter/ipt_ah.c and net/ipv6/netfilter/ip6t_ah.c, Linux 6.1.
 *
 * @param spi the indexes
 * @param length the length of the header in bytes, if asked for
 * @param reserved whether the reserved field must be 0
 */
public record AhMatch(NumberRange spi, Optional<NumberRange> length, boolean reserved)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("ah")
          .option(OptionSpec.value("--ahspi").orInverted())
          .option(OptionSpec.value("--ahlen").orInverted())
          .option(OptionSpec.flag("--ahres"))
          .readBy(AhMatch::read);

  private static final long MAX = 0xffff_ffffL;
  private static final int HEADER_BYTES = 12;

  private static AhMatch read(OptionValues options) {
    for (OptionValues.Given given : options.all()) {
      if (options.family() == IpFamily.IPV4 && !given.option().name().equals("--ahspi")) {
        throw options.error(given, given.option().name(), "--ahspi alone, as this is IPv4, not it");
      }
    }
    return new AhMatch(
        NumberRange.read(options, "--ahspi", MAX),
        NumberRange.single(options, "--ahlen", MAX).filter(AhMatch::isKept),
        options.has("--ahres"));
  }

  /** A length of 0 is not tested, and forgotten unless {@code !} stands before it. */
  private static boolean isKept(NumberRange length) {
    return length.first() != 0 || length.inverted();
  }

  @Override
  public String name() {
    return "ah";
  }

  @Override
  public void print(OptionPrinter out) {
    spi.printUnlessAll(out, "--ahspi", MAX);
    length.ifPresent(range -> range.print(out, "--ahlen"));
    if (reserved) {
      out.word("--ahres");
    }
  }

  @Override
  public Optional<Refusal> refusal(RulePlace place) {
    return place.family() == IpFamily.IPV6
        ? Optional.empty()
        : RequiredProtocol.refusal(place, name(), IpProtocol.AH);
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> test(packet);
  }

  private MatchResult test(Packet packet) {
    if (packet.isLaterFragment()
        || (packet.protocol() != IpProtocol.AH && packet.authentication().length == 0)) {
      return MatchResult.NO;
    }
    RawHeader raw = RawHeader.ofAuthentication(packet);
    if (raw.transportBytes() < HEADER_BYTES) {
      return MatchResult.DROP;
    }
    int bytes = (raw.byteAt(1) + 2) * 4;
    if (packet.family() == IpFamily.IPV6 && raw.transportBytes() < bytes) {
      return MatchResult.DROP;
    }
    return MatchResult.of(
        spi.matches(raw.wordAt(4)) && lengthMatches(bytes) && !(reserved && raw.shortAt(2) != 0));
  }

  /** A length of 0 is not tested. */
  private boolean lengthMatches(int bytes) {
    return length.isEmpty() || length.get().first() == 0 || length.get().matches(bytes);
  }
}
