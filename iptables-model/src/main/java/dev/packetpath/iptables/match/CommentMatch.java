package dev.packetpath.iptables.match;

import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchForm;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.syntax.ExtensionSyntax;
import dev.packetpath.iptables.syntax.OptionSpec;
import dev.packetpath.iptables.syntax.OptionValues;
import dev.packetpath.iptables.syntax.Utf8Text;

/**
 * {@code -m comment}: always holds, and still costs a call.
 *
 * <p>Source: net/netfilter/xt_comment.c, Linux 6.1.
 *
 * @param text the comment, at most 255 bytes
 */
public record CommentMatch(String text) implements Match {
  /** How it is written. */
  public static final ExtensionSyntax<Match> SYNTAX =
      ExtensionSyntax.<Match>named("comment")
          .option(OptionSpec.value("--comment"))
          .readBy(CommentMatch::read);

  private static final int MAX_BYTES = 255;

  private static CommentMatch read(OptionValues options) {
    String text = options.require("--comment").value();
    return new CommentMatch(Utf8Text.truncated(text, MAX_BYTES));
  }

  @Override
  public String name() {
    return "comment";
  }

  @Override
  public void print(OptionPrinter out) {
    out.word("--comment").quoted(text);
  }

  @Override
  public MatchForm form() {
    return MatchForm.ALWAYS;
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    return (packet, state) -> MatchResult.YES;
  }
}
