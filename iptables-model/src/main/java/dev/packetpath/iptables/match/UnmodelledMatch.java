package dev.packetpath.iptables.match;

import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.MatchFunction;
import dev.packetpath.iptables.MatchResult;
import dev.packetpath.iptables.OptionPrinter;

/**
 * A match of which only the text is known. Whether it holds is asked of the host's decisions, so
 * that both answers can be followed.
 *
 * @param name the name behind {@code -m}
 * @param words its options as written
 */
public record UnmodelledMatch(String name, ImmutableList<String> words) implements Match {
  @Override
  public void print(OptionPrinter out) {
    words.forEach(word -> UnmodelledWords.print(out, word));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    OptionPrinter text = new OptionPrinter();
    text.word("-m").word(name);
    print(text);
    String question = "the match \"" + text + "\" holds";
    long site = context.site();
    return (packet, state) -> MatchResult.of(context.host().decisions().unknown(site, question));
  }
}
