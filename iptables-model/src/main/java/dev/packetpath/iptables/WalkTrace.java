package dev.packetpath.iptables;

import dev.packetpath.core.Trace;
import dev.packetpath.core.Verdict;

/** Tells the trace how a program is walked. To be asked only while the trace is on. */
final class WalkTrace {
  private final Trace trace;
  private final TableProgram program;

  WalkTrace(Trace trace, TableProgram program) {
    this.trace = trace;
    this.program = program;
  }

  void entered(int base) {
    trace.add(new TableEvent.Entered(program.name(), chain(base).name()));
  }

  void left(int base, Verdict verdict, long rulesEvaluated) {
    trace.add(new TableEvent.Left(program.name(), chain(base).name(), verdict, rulesEvaluated));
  }

  /** Tells that rules were evaluated and did not match. */
  void passedOver(int chain, int from, int to) {
    for (int rule = from; rule < to; rule++) {
      evaluated(chain, rule, false);
    }
  }

  void evaluated(int chain, int rule, boolean matched) {
    Chain written = chain(chain);
    Rule evaluated = written.rules().get(rule);
    trace.add(
        new TableEvent.Evaluated(program.name(), written.name(), rule + 1, evaluated, matched));
  }

  void returned(int from, int to) {
    trace.add(new TableEvent.Returned(program.name(), chain(from).name(), chain(to).name()));
  }

  void policyApplied(int base) {
    Policy policy = chain(base).policy().orElse(Policy.ACCEPT);
    trace.add(new TableEvent.PolicyApplied(program.name(), chain(base).name(), policy));
  }

  private Chain chain(int place) {
    return program.chains().get(place);
  }
}
