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
          AhMatch.SYNTAX,
          ClusterMatch.SYNTAX,
          CommentMatch.SYNTAX,
          ConnbytesMatch.SYNTAX,
          ConnlabelMatch.SYNTAX,
          ConnlimitMatch.SYNTAX,
          ConnmarkMatch.SYNTAX,
          ConntrackMatch.SYNTAX,
          DccpMatch.SYNTAX,
          DevgroupMatch.SYNTAX,
          DscpMatch.SYNTAX,
          DstMatch.SYNTAX,
          EcnMatch.SYNTAX,
          EspMatch.SYNTAX,
          Eui64Match.SYNTAX,
          FragMatch.SYNTAX,
          HashlimitMatch.SYNTAX,
          HbhMatch.SYNTAX,
          HelperMatch.SYNTAX,
          HlMatch.SYNTAX,
          Icmp6Match.SYNTAX,
          IcmpMatch.SYNTAX,
          IprangeMatch.SYNTAX,
          Ipv6headerMatch.SYNTAX,
          IpvsMatch.SYNTAX,
          LengthMatch.SYNTAX,
          LimitMatch.SYNTAX,
          MacMatch.SYNTAX,
          MarkMatch.SYNTAX,
          MhMatch.SYNTAX,
          MultiportMatch.SYNTAX,
          OwnerMatch.SYNTAX,
          PhysdevMatch.SYNTAX,
          PkttypeMatch.SYNTAX,
          QuotaMatch.SYNTAX,
          RealmMatch.SYNTAX,
          RecentMatch.SYNTAX,
          RpfilterMatch.SYNTAX,
          RtMatch.SYNTAX,
          SctpMatch.SYNTAX,
          SetMatch.SYNTAX,
          StateMatch.SYNTAX,
          StatisticMatch.SYNTAX,
          StringMatch.SYNTAX,
          TcpMatch.SYNTAX,
          TcpmssMatch.SYNTAX,
          TimeMatch.SYNTAX,
          TosMatch.SYNTAX,
          TtlMatch.SYNTAX,
          U32Match.SYNTAX,
          UdpMatch.SYNTAX);

  private Matches() {}
}
