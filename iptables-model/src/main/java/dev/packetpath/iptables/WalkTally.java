package dev.packetpath.iptables;

import dev.packetpath.core.Operation;
import dev.packetpath.core.Work;

/** What the walks of one engine did, until the work is told of it. Belongs to one thread. */
final class WalkTally {
  private static final Operation RULE_EVALUATED = Operation.named("ruleEvaluated");
  private static final Operation RULE_MATCHED = Operation.named("ruleMatched");
  private static final Operation MATCH_CALL = Operation.named("matchCall");
  private static final Operation TARGET_CALL = Operation.named("targetCall");
  private static final Operation CHAIN_CALL = Operation.named("chainCall");
  private static final Operation IMPLICIT_RETURN = Operation.named("implicitReturn");
  private static final Operation POLICY = Operation.named("policy");

  /** All since the table was loaded, also those that the work knows of. */
  long rulesEvaluated;

  long matchCalls;
  long matched;
  long targetCalls;
  long chainCalls;
  long implicitReturns;
  long policies;
  private long rulesTold;

  /** Adds the rules that another engine evaluated, of which another work knows. */
  void addRules(long rules) {
    rulesEvaluated += rules;
    rulesTold += rules;
  }

  /** Tells the work what it does not know yet. */
  void tell(Work work) {
    work.add(RULE_EVALUATED, rulesEvaluated - rulesTold);
    work.add(RULE_MATCHED, matched);
    work.add(MATCH_CALL, matchCalls);
    work.add(TARGET_CALL, targetCalls);
    work.add(CHAIN_CALL, chainCalls);
    work.add(IMPLICIT_RETURN, implicitReturns);
    work.add(POLICY, policies);
    rulesTold = rulesEvaluated;
    matched = 0;
    matchCalls = 0;
    targetCalls = 0;
    chainCalls = 0;
    implicitReturns = 0;
    policies = 0;
  }
}
