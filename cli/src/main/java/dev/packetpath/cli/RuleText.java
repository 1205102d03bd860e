package dev.packetpath.cli;

import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.match.CommentMatch;

/** A rule for people: as iptables-save prints it, with its comments behind it. */
final class RuleText {
  private RuleText() {}

  static String of(Rule rule, Palette palette) {
    OptionPrinter out = new OptionPrinter();
    rule.header().print(out);
    StringBuilder comments = new StringBuilder();
    for (Match match : rule.matches()) {
      if (match instanceof CommentMatch comment) {
        comments.append("  /* ").append(comment.text()).append(" */");
      } else {
        out.word("-m").word(match.name());
        match.print(out);
      }
    }
    rule.action().print(out);
    String text = out.toString();
    if (text.isEmpty()) {
      text = "(any packet, only counted)";
    } else if (rule.action() instanceof RuleAction.Continue) {
      text += " (only counted)";
    }
    return text + palette.dim(comments.toString());
  }
}
