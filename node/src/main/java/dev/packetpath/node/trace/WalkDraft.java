package dev.packetpath.node.trace;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.TraceEvent;
import dev.packetpath.core.Verdict;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.StandardVerdict;
import dev.packetpath.iptables.TableEvent;
import org.jspecify.annotations.Nullable;

/** The walk of a table while its events come in. */
final class WalkDraft {
  private final TableEvent.Entered entered;
  private final ImmutableList.Builder<WalkStep> steps = ImmutableList.builder();
  private TableEvent.@Nullable Evaluated last;
  private boolean decided;
  private int depth;
  private int passedOver;

  WalkDraft(TableEvent.Entered entered) {
    this.entered = entered;
  }

  void add(TableEvent event) {
    if (event instanceof TableEvent.Evaluated rule) {
      evaluated(rule);
    } else if (event instanceof TableEvent.Returned returned) {
      boolean byRule = isReturn(last);
      steps.add(
          new WalkStep.Returned(returned.chain(), depth, passedOver, returned.into(), byRule));
      depth = Math.max(0, depth - 1);
      passedOver = 0;
      last = null;
    } else if (event instanceof TableEvent.PolicyApplied policy) {
      steps.add(new WalkStep.Policed(policy.chain(), passedOver, policy.policy(), isReturn(last)));
      decided = true;
    }
  }

  private void evaluated(TableEvent.Evaluated rule) {
    last = rule;
    if (!rule.matched()) {
      passedOver++;
      return;
    }
    steps.add(new WalkStep.Matched(rule.chain(), rule.index(), depth, passedOver, rule.rule()));
    passedOver = 0;
    if (rule.rule().action() instanceof RuleAction.Jump) {
      depth++;
    }
  }

  private static boolean isReturn(TableEvent.@Nullable Evaluated rule) {
    return rule != null
        && rule.matched()
        && rule.rule().action() instanceof RuleAction.Standard standard
        && standard.verdict() == StandardVerdict.RETURN;
  }

  void addOther(TraceEvent event) {
    steps.add(new WalkStep.Other(event, depth));
  }

  void addAnswer(PacketPath path) {
    steps.add(new WalkStep.Answered(path, depth));
  }

  HookStep.TableWalk finish(TableEvent.Left left) {
    TableEvent.Evaluated rule = last;
    if (left.verdict() == Verdict.DROP && !decided && rule != null && !rule.matched()) {
      steps.add(
          new WalkStep.DroppedByMatch(
              rule.chain(), rule.index(), depth, passedOver - 1, rule.rule()));
    }
    return new HookStep.TableWalk(
        entered.table(), entered.chain(), steps.build(), left.verdict(), left.rulesEvaluated());
  }
}
