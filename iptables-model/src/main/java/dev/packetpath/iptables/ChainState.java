package dev.packetpath.iptables;

/**
 * What a chain is in one engine: its counters, and the functions of its rules, which may remember
 * packets. How often a rule was evaluated is not counted rule by rule: walks that entered the
 * chain, less those that ended before the rule.
 */
final class ChainState {
  private static final int COUNTERS_OF_RULE = 3;
  private static final int PACKETS = 1;
  private static final int BYTES = 2;
  private static final int ENDED = 3;
  private static final int COUNTERS_OF_POLICY = 2;
  private static final MatchFunction[] NO_FUNCTIONS = {};
  private static final TargetFunction[] NO_TARGETS = {};

  /**
   * The number of walks that entered; then for each rule the packets and bytes that it matched and
   * the number of walks that ended at it; then the packets and bytes of the policy. Side by side,
   * so that a rule that matches costs one cache line.
   */
  private final long[] counters;

  private final int rules;
  final MatchFunction[] functions;
  final TargetFunction[] targets;

  private ChainState(ChainProgram chain, MatchFunction[] functions, TargetFunction[] targets) {
    this.rules = chain.size;
    this.counters =
        new long[1 + rules * COUNTERS_OF_RULE + (chain.written.isBase() ? COUNTERS_OF_POLICY : 0)];
    this.functions = functions;
    this.targets = targets;
  }

  /** Makes the functions of a chain's rules, and counters at zero. */
  static ChainState load(ChainProgram chain, LoadContext context) {
    if (chain.functions == 0 && chain.targets == 0) {
      return new ChainState(chain, NO_FUNCTIONS, NO_TARGETS);
    }
    MatchFunction[] functions =
        chain.functions == 0 ? NO_FUNCTIONS : new MatchFunction[chain.functions];
    TargetFunction[] targets = chain.targets == 0 ? NO_TARGETS : new TargetFunction[chain.targets];
    int function = 0;
    int target = 0;
    for (int i = 0; i < chain.size; i++) {
      Rule rule = chain.written.rules().get(i);
      context.startRule(chain.written.name(), i + 1, rule.line());
      for (Match match : rule.matches()) {
        if (match.form() instanceof MatchForm.Function) {
          functions[function++] = match.compile(context);
        }
        context.nextPart();
      }
      if (rule.action() instanceof RuleAction.Extension extension) {
        targets[target++] = extension.target().compile(context);
      }
    }
    return new ChainState(chain, functions, targets);
  }

  void entered() {
    counters[0]++;
  }

  void matched(int rule, int bytes) {
    int at = rule * COUNTERS_OF_RULE;
    counters[at + PACKETS]++;
    counters[at + BYTES] += bytes;
  }

  /** Notes that a walk ended at a rule. */
  void ended(int rule) {
    counters[rule * COUNTERS_OF_RULE + ENDED]++;
  }

  void policy(int bytes) {
    counters[counters.length - 2]++;
    counters[counters.length - 1] += bytes;
  }

  Counters matched(int rule) {
    int at = rule * COUNTERS_OF_RULE;
    return new Counters(counters[at + PACKETS], counters[at + BYTES]);
  }

  Counters policy() {
    return counters.length == 1 + rules * COUNTERS_OF_RULE
        ? Counters.ZERO
        : new Counters(counters[counters.length - 2], counters[counters.length - 1]);
  }

  long[] evaluated() {
    long[] evaluated = new long[rules];
    long still = counters[0];
    for (int i = 0; i < rules; i++) {
      evaluated[i] = still;
      still -= counters[i * COUNTERS_OF_RULE + ENDED];
    }
    return evaluated;
  }

  long endReached() {
    long still = counters[0];
    for (int i = 0; i < rules; i++) {
      still -= counters[i * COUNTERS_OF_RULE + ENDED];
    }
    return still;
  }

  void add(ChainState other) {
    for (int i = 0; i < counters.length; i++) {
      counters[i] += other.counters[i];
    }
  }
}
