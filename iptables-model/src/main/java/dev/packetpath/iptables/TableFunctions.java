package dev.packetpath.iptables;

import java.util.ArrayList;
import java.util.List;

/** The functions of a table's rules in one engine, by number; they may remember packets. */
final class TableFunctions {
  final MatchFunction[] matches;
  final TargetFunction[] targets;

  /** Makes the functions of the rules of some chains, in their order. */
  TableFunctions(Iterable<Chain> chains, LoadContext context) {
    List<MatchFunction> ofMatches = new ArrayList<>();
    List<TargetFunction> ofTargets = new ArrayList<>();
    for (Chain chain : chains) {
      for (int i = 0; i < chain.rules().size(); i++) {
        Rule rule = chain.rules().get(i);
        context.startRule(chain.name(), i + 1, rule.line());
        for (Match part : rule.matches()) {
          if (part.form() instanceof MatchForm.Function) {
            ofMatches.add(part.compile(context));
          }
          context.nextPart();
        }
        if (rule.action() instanceof RuleAction.Extension extension) {
          ofTargets.add(extension.target().compile(context));
        }
      }
    }
    this.matches = ofMatches.toArray(new MatchFunction[0]);
    this.targets = ofTargets.toArray(new TargetFunction[0]);
  }
}
