package dev.packetpath.iptables;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The functions of a table's rules in one engine, by number; they may remember packets. */
final class TableFunctions {
  MatchFunction[] matches;
  TargetFunction[] targets;

  private TableFunctions(MatchFunction[] matches, TargetFunction[] targets) {
    this.matches = matches;
    this.targets = targets;
  }

  /** Makes the functions of the rules of some chains, in their order. */
  static TableFunctions of(Iterable<Chain> chains, LoadContext context) {
    List<MatchFunction> matches = new ArrayList<>();
    List<TargetFunction> targets = new ArrayList<>();
    for (Chain chain : chains) {
      make(chain, context, matches, targets);
    }
    return new TableFunctions(
        matches.toArray(new MatchFunction[0]), targets.toArray(new TargetFunction[0]));
  }

  /** Makes the functions of all rules of a program, in the order in which it numbers them. */
  static TableFunctions of(TableProgram program, LoadContext context) {
    TableFunctions all =
        new TableFunctions(
            new MatchFunction[program.functions()], new TargetFunction[program.targets()]);
    List<MatchFunction> matches = new ArrayList<>();
    List<TargetFunction> targets = new ArrayList<>();
    for (int place = 0; place < program.chains().size(); place++) {
      matches.clear();
      targets.clear();
      make(program.chains().get(place), context, matches, targets);
      int firstMatch = program.firstFunction(place);
      for (int i = 0; i < matches.size(); i++) {
        all.matches[firstMatch + i] = matches.get(i);
      }
      int firstTarget = program.firstTarget(place);
      for (int i = 0; i < targets.size(); i++) {
        all.targets[firstTarget + i] = targets.get(i);
      }
    }
    return all;
  }

  /** Adds those of the chains of an update, which have the highest numbers below these. */
  void addLast(TableFunctions made, int matchesInAll, int targetsInAll) {
    if (matchesInAll > matches.length) {
      matches = Arrays.copyOf(matches, matchesInAll * 3 / 2);
    }
    if (targetsInAll > targets.length) {
      targets = Arrays.copyOf(targets, targetsInAll * 3 / 2);
    }
    int firstMatch = matchesInAll - made.matches.length;
    System.arraycopy(made.matches, 0, matches, firstMatch, made.matches.length);
    int firstTarget = targetsInAll - made.targets.length;
    System.arraycopy(made.targets, 0, targets, firstTarget, made.targets.length);
  }

  /**
   * Returns the same functions in the order in which another form of their program numbers them.
   */
  TableFunctions inOrderOf(TableProgram compacted, TableProgram before) {
    TableFunctions ordered =
        new TableFunctions(
            new MatchFunction[compacted.functions()], new TargetFunction[compacted.targets()]);
    for (int place = 0; place < compacted.chains().size(); place++) {
      int functions = 0;
      int extensions = 0;
      for (Rule rule : compacted.chains().get(place).rules()) {
        functions += (int) rule.matches().stream().filter(TableFunctions::isFunction).count();
        extensions += rule.action() instanceof RuleAction.Extension ? 1 : 0;
      }
      System.arraycopy(
          matches,
          before.firstFunction(place),
          ordered.matches,
          compacted.firstFunction(place),
          functions);
      System.arraycopy(
          targets,
          before.firstTarget(place),
          ordered.targets,
          compacted.firstTarget(place),
          extensions);
    }
    return ordered;
  }

  private static boolean isFunction(Match part) {
    return part.form() instanceof MatchForm.Function;
  }

  private static void make(
      Chain chain, LoadContext context, List<MatchFunction> matches, List<TargetFunction> targets) {
    for (int i = 0; i < chain.rules().size(); i++) {
      Rule rule = chain.rules().get(i);
      context.startRule(chain.name(), i + 1, rule.line());
      for (Match part : rule.matches()) {
        if (isFunction(part)) {
          matches.add(part.compile(context));
        }
        context.nextPart();
      }
      if (rule.action() instanceof RuleAction.Extension extension) {
        targets.add(extension.target().compile(context));
      }
    }
  }
}
