package dev.packetpath.iptables.match;

import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.syntax.ExtensionSyntax;

/** The list of all matches: a new one is a file in this package and a line here. */
public final class Matches {
  /** How each match is written. */
  public static final ImmutableList<ExtensionSyntax<Match>> ALL =
      ImmutableList.of(
          AddrtypeMatch.SYNTAX, //
          CommentMatch.SYNTAX,
          ConnmarkMatch.SYNTAX,
          ConntrackMatch.SYNTAX,
          DscpMatch.SYNTAX,
          EcnMatch.SYNTAX,
          EspMatch.SYNTAX,
          HlMatch.SYNTAX,
          Icmp6Match.SYNTAX,
          IcmpMatch.SYNTAX,
          IprangeMatch.SYNTAX,
          LengthMatch.SYNTAX,
          MacMatch.SYNTAX,
          MarkMatch.SYNTAX,
          MultiportMatch.SYNTAX,
          OwnerMatch.SYNTAX,
          PhysdevMatch.SYNTAX,
          PkttypeMatch.SYNTAX,
          RpfilterMatch.SYNTAX,
          SetMatch.SYNTAX,
          StateMatch.SYNTAX,
          StatisticMatch.SYNTAX,
          TcpMatch.SYNTAX,
          TcpmssMatch.SYNTAX,
          TosMatch.SYNTAX,
          TtlMatch.SYNTAX,
          UdpMatch.SYNTAX);

  private Matches() {}
}
