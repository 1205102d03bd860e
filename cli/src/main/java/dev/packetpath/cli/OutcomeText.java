package dev.packetpath.cli;

import dev.packetpath.node.explore.Outcome;
import dev.packetpath.node.trace.PathSummary;
import dev.packetpath.node.trace.TraceRun;
import dev.packetpath.node.trace.TracedPacket;
import dev.packetpath.node.trace.WalkStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says in a line what makes an outcome different from others. */
final class OutcomeText {
  private OutcomeText() {}

  /** Returns what must hold for an outcome, "" if nothing. */
  static String conditions(Map<String, Boolean> conditions) {
    return conditions.entrySet().stream()
        .map(condition -> (condition.getValue() ? "if " : "if not: ") + condition.getKey())
        .collect(Collectors.joining("; "));
  }

  /** Returns what becomes of the packets that do not fare the same in all outcomes. */
  static List<String> results(TraceRun run, List<Outcome<TraceRun>> all) {
    List<String> results = new ArrayList<>();
    for (int i = 0; i < run.packets().size(); i++) {
      int packet = i;
      long different =
          all.stream().map(outcome -> summary(outcome.result(), packet)).distinct().count();
      if (different > 1 || all.size() == 1) {
        String prefix = run.packets().size() > 1 ? "packet " + (i + 1) + " " : "";
        results.add(prefix + summary(run, i));
      }
    }
    if (results.isEmpty()) {
      results.add(ownRules(run, all));
    }
    return results;
  }

  private static String summary(TraceRun run, int packet) {
    return packet < run.packets().size()
        ? PathSummary.of(run.packets().get(packet).path())
        : "not sent";
  }

  /** Returns the rules that match in this run and not in all of the others. */
  private static String ownRules(TraceRun run, List<Outcome<TraceRun>> all) {
    List<String> own = rules(run);
    List<String> common = new ArrayList<>(own);
    all.forEach(outcome -> common.retainAll(rules(outcome.result())));
    own.removeAll(common);
    return own.isEmpty()
        ? "the rules that only others match do not match"
        : "matches " + String.join(", ", own);
  }

  private static List<String> rules(TraceRun run) {
    List<String> rules = new ArrayList<>();
    for (TracedPacket packet : run.packets()) {
      packet
          .path()
          .walks()
          .forEach(
              walk ->
                  walk.steps()
                      .forEach(
                          step -> {
                            if (step instanceof WalkStep.Matched rule) {
                              rules.add(walk.table() + " " + rule.chain() + " " + rule.index());
                            }
                          }));
    }
    return rules;
  }
}
