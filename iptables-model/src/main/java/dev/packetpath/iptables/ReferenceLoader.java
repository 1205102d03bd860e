package dev.packetpath.iptables;

import com.google.common.collect.ImmutableList;

/** Makes the chains that a {@link ReferenceWalker} walks: one object a rule. */
final class ReferenceLoader {
  private static final MatchFunction[] NO_MATCHES = {};
  private static final TargetFunction NO_TARGET = (packet, state) -> TargetResult.CONTINUE;

  private final TableProgram program;
  private final LoadContext context;
  private final LoadedChain[] chains;

  private ReferenceLoader(TableProgram program, LoadContext context) {
    this.program = program;
    this.context = context;
    this.chains =
        program.written().chains().stream().map(LoadedChain::new).toArray(LoadedChain[]::new);
  }

  static LoadedChain[] load(TableProgram program, LoadContext context) {
    ReferenceLoader loader = new ReferenceLoader(program, context);
    ImmutableList<Chain> written = program.written().chains();
    for (int i = 0; i < loader.chains.length; i++) {
      loader.chains[i].rules = loader.rules(written.get(i));
    }
    return loader.chains;
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
      rules[i] = new LoadedRule(rule, matches, target, called(rule.action()));
    }
    return rules;
  }

  private LoadedChain called(RuleAction action) {
    if (action instanceof RuleAction.Jump jump) {
      return chains[program.chain(jump.chain())];
    }
    return action instanceof RuleAction.Goto goTo
        ? chains[program.chain(goTo.chain())]
        : LoadedChain.NONE;
  }
}
