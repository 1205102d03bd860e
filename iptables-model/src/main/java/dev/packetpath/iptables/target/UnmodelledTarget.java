package dev.packetpath.iptables.target;

import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.CompileContext;
import dev.packetpath.iptables.OptionPrinter;
import dev.packetpath.iptables.Target;
import dev.packetpath.iptables.TargetFunction;
import dev.packetpath.iptables.TargetResult;
import dev.packetpath.iptables.match.UnmodelledWords;

/**
 * A target of which only the text is known. Whether it ends the walk is asked of the host's
 * decisions: either the packet goes on to the next rule unchanged, or it is dropped.
 *
 * @param name the name behind {@code -j}
 * @param words its options as written
 */
public record UnmodelledTarget(String name, ImmutableList<String> words) implements Target {
  @Override
  public void print(OptionPrinter out) {
    words.forEach(word -> UnmodelledWords.print(out, word));
  }

  @Override
  public TargetFunction compile(CompileContext context) {
    String question = "the target " + name + " drops the packet";
    long site = context.site();
    return (packet, state) ->
        context.host().decisions().unknown(site, question)
            ? TargetResult.DROP
            : TargetResult.CONTINUE;
  }
}
