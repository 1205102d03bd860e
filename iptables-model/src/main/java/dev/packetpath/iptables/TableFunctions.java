package dev.packetpath.iptables;

/** The functions of a table's rules in one engine, by number; they may remember packets. */
final class TableFunctions {
  final MatchFunction[] matches;
  final TargetFunction[] targets;

  /** Makes the functions of all rules of a program. */
  TableFunctions(TableProgram program, LoadContext context) {
    this.matches = new MatchFunction[program.functions()];
    this.targets = new TargetFunction[program.targets()];
    int match = 0;
    int target = 0;
    for (Chain chain : program.written().chains()) {
      for (int i = 0; i < chain.rules().size(); i++) {
        Rule rule = chain.rules().get(i);
        context.startRule(chain.name(), i + 1, rule.line());
        for (Match part : rule.matches()) {
          if (part.form() instanceof MatchForm.Function) {
            matches[match++] = part.compile(context);
          }
          context.nextPart();
        }
        if (rule.action() instanceof RuleAction.Extension extension) {
          targets[target++] = extension.target().compile(context);
        }
      }
    }
  }
}
