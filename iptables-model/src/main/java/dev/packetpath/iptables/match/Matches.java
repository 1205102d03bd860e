package dev.packetpath.iptables.match;

import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.syntax.ExtensionSyntax;

/** The list of all matches: a new one is a file in this package and a line here. */
public final class Matches {
  /** How each match is written. */
  public static final ImmutableList<ExtensionSyntax<Match>> ALL =
      ImmutableList.of(
          CommentMatch.SYNTAX, //
          ConnmarkMatch.SYNTAX,
          ConntrackMatch.SYNTAX,
          MarkMatch.SYNTAX,
          StateMatch.SYNTAX,
          StatisticMatch.SYNTAX,
          TcpMatch.SYNTAX);

  private Matches() {}
}
