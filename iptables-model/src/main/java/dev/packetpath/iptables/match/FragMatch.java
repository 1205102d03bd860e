package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpFamily;
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
 * {@code -m frag}: the fragment header of an IPv6 packet. A packet without one never matches,
 * inverted or not.
 *
 * <p>Source: net/ipv6/netfilter/ip6t_frag.c, Linux 6.1, which leaves {@code --fraglen} and the
 * reserved bits of a header that the packet model does not have unused.
 *
 * @param id the identifications
 * @param length the length of the header, kept as text only
 * @param reserved whether reserved bits must be 0
 * @param first whether it must be the first fragment
 * @param more whether more fragments follow: {@code --fragmore} or {@code --fraglast}
 */
public record FragMatch(
    NumberRange id, Optional<NumberRange> length, boolean reserved, boolean first, FlagTest more)
    implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("frag")
          .only(IpFamily.IPV6)
          .option(OptionSpec.value("--fragid").orInverted())
          .option(OptionSpec.value("--fraglen").orInverted())
          .option(OptionSpec.flag("--fragres"))
          .option(OptionSpec.flag("--fragfirst"))
          .option(OptionSpec.flag("--fragmore"))
          .option(OptionSpec.flag("--fraglast"))
          .readBy(FragMatch::read);

  private static final long MAX = 0xffff_ffffL;

  private static FragMatch read(OptionValues options) {
    options.atMostOne("--fragmore", "--fraglast");
    return new FragMatch(
        NumberRange.read(options, "--fragid", MAX),
        NumberRange.single(options, "--fraglen", MAX),
        options.has("--fragres"),
        options.has("--fragfirst"),
        options.has("--fraglast") ? FlagTest.UNSET : FlagTest.read(options, "--fragmore"));
  }

  @Override
  public String name() {
    return "frag";
  }

  @Override
  public void print(OptionPrinter out) {
    id.printUnlessAll(out, "--fragid", MAX);
    length.ifPresent(range -> range.print(out, "--fraglen"));
    if (reserved) {
      out.word("--fragres");
    }
    if (first) {
      out.word("--fragfirst");
    }
    if (more != FlagTest.NOT_ASKED) {
      out.word(more == FlagTest.SET ? "--fragmore" : "--fraglast");
    }
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) ->
        packet.hasFragmentHeader() ? test(packet) : ExtensionSearch.withoutHeader(packet);
  }

  private MatchResult test(Packet packet) {
    return MatchResult.of(
        id.matches(Integer.toUnsignedLong(packet.id()))
            && (!first || packet.fragmentOffset() == 0)
            && more.matches(packet.moreFragments()));
  }
}
