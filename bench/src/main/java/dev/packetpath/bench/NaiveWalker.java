package dev.packetpath.bench;

import dev.packetpath.core.Verdict;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;

/**
 * The obvious program, to measure ours against: a list of rules, each a list of condition objects.
 */
final class NaiveWalker {
  /** What a rule asks of a packet. */
  interface Condition {
    boolean holds(Packet packet);
  }

  private static final class NaiveRule {
    private final List<Condition> conditions;
    private final Verdict verdict;
    private long packets;

    NaiveRule(List<Condition> conditions, Verdict verdict) {
      this.conditions = conditions;
      this.verdict = verdict;
    }

    boolean matches(Packet packet) {
      for (Condition condition : conditions) {
        if (!condition.holds(packet)) {
          return false;
        }
      }
      return true;
    }
  }

  private final List<NaiveRule> rules = new ArrayList<>();

  NaiveWalker(List<FilterRule> written) {
    for (FilterRule rule : written) {
      rules.add(new NaiveRule(rule.conditions(), rule.accepts() ? Verdict.ACCEPT : Verdict.DROP));
    }
  }

  /** Returns the verdict of the first rule that matches, ACCEPT if none does. */
  Verdict walk(Packet packet) {
    for (NaiveRule rule : rules) {
      if (rule.matches(packet)) {
        rule.packets++;
        return rule.verdict;
      }
    }
    return Verdict.ACCEPT;
  }

  /** Returns how many packets matched some rule. */
  long matched() {
    return rules.stream().mapToLong(rule -> rule.packets).sum();
  }
}
