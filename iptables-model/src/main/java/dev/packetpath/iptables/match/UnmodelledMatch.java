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
 * @param name the name behind {@code -m}; "" for options that belong to no match of that kind, such
 *     as {@code -s} with a host name
 * @param words its options as written
 */
public record UnmodelledMatch(String name, ImmutableList<String> words) implements Match {
  @Override
  public void printLoading(OptionPrinter out) {
    if (!name.isEmpty()) {
      out.word("-m").word(name);
    }
  }

  @Override
  public void print(OptionPrinter out) {
    words.forEach(word -> UnmodelledWords.print(out, word));
  }

  @Override
  public MatchFunction compile(CompileContext context) {
    OptionPrinter text = new OptionPrinter();
    printLoading(text);
    print(text);
    String question = "the match \"" + text + "\" holds";
    long site = context.site();
    return (packet, state) -> MatchResult.of(context.host().decisions().unknown(site, question));
  }
}
