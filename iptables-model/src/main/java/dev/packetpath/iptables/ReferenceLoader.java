package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;
import java.util.Arrays;

/** Makes the chains that a {@link ReferenceWalker} walks: one object a rule. */
final class ReferenceLoader {
  private static final MatchFunction[] NO_MATCHES = {};
  private static final TargetFunction NO_TARGET = (packet, state) -> TargetResult.CONTINUE;

  private final TableProgram program;
  private final LoadContext context;
  private final LoadedChain[] chains;

  private ReferenceLoader(TableProgram program, LoadContext context, LoadedChain[] chains) {
    this.program = program;
    this.context = context;
    this.chains = chains;
  }

  /** Returns the chains of a program by place. */
  static LoadedChain[] load(TableProgram program, LoadContext context) {
    LoadedChain[] chains =
        program.chains().stream().map(LoadedChain::new).toArray(LoadedChain[]::new);
    ReferenceLoader loader = new ReferenceLoader(program, context, chains);
    for (int i = 0; i < chains.length; i++) {
      chains[i].rules = loader.rules(program.chains().get(i));
    }
    return chains;
  }

  /** Returns the chains of a program that was updated; those that did not change are kept. */
  static LoadedChain[] reload(
      LoadedChain[] before,
      TableProgram program,
      ImmutableList<Integer> changed,
      LoadContext context) {
    LoadedChain[] chains = Arrays.copyOf(before, program.chains().size());
    for (int place : changed) {
      Chain written = program.chains().get(place);
      if (place < before.length && before[place].name.equals(written.name())) {
        chains[place].clear(written);
      } else {
        chains[place] = new LoadedChain(written);
      }
    }
    ReferenceLoader loader = new ReferenceLoader(program, context, chains);
    for (int place : changed) {
      chains[place].rules = loader.rules(program.chains().get(place));
    }
    return chains;
  }

  private LoadedRule[] rules(Chain chain) {
    LoadedRule[] rules = new LoadedRule[chain.rules().size()];
    for (int i = 0; i < rules.length; i++) {
      Rule rule = chain.rules().get(i);
      context.startRule(chain.name(), i + 1, rule.line());
      MatchFunction[] matches = NO_MATCHES;
      if (!rule.matches().isEmpty()) {
        matches = new MatchFunction[rule.matches().size()];
        for (int m = 0; m < matches.length; m++) {
          matches[m] = rule.matches().get(m).compile(context);
          context.nextPart();
        }
      }
      TargetFunction target =
          rule.action() instanceof RuleAction.Extension extension
              ? extension.target().compile(context)
              : NO_TARGET;
      LoadedChain called =
          rule.action()
              .calledChain()
              .map(name -> chains[program.chain(name)])
              .orElse(LoadedChain.NONE);
      rules[i] = new LoadedRule(rule, matches, target, called);
    }
    return rules;
  }
}
