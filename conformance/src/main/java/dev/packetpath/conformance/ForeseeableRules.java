package dev.packetpath.conformance;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Decisions;
import dev.packetpath.iptables.Match;
import dev.packetpath.iptables.Rule;
import dev.packetpath.iptables.RuleAction;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.match.StatisticMatch;
import dev.packetpath.iptables.target.CtTarget;
import java.util.Optional;

/**
 * Makes rules ones that kernel and models can be compared on: what is left to the dice is done in
 * turn ({@code statistic --mode nth} for {@code random}) or left out (random ports), and no rule
 * gives a connection a helper, since the models keep its name and the kernel's acts.
 */
final class ForeseeableRules {
  /** Matches and targets that need a module or an object that a kernel may not have. */
  private static final ImmutableSet<String> NOT_EVERYWHERE =
      ImmutableSet.of("ipvs", "SECMARK", "CONNSECMARK");

  /** Ports at random; and a queue that is passed over, which in nat leaves a packet unbound. */
  private static final ImmutableList<String> LEFT_OUT =
      ImmutableList.of(" --random", " --queue-bypass");

  private ForeseeableRules() {}

  /** Returns whether every kernel takes a rule that ours takes. */
  static boolean isForEveryKernel(Rule rule) {
    return rule.matches().stream().noneMatch(match -> NOT_EVERYWHERE.contains(match.name()))
        && !(rule.action() instanceof RuleAction.Extension extension
            && NOT_EVERYWHERE.contains(extension.target().name()));
  }

  static Ruleset of(Ruleset ruleset) {
    return ruleset.mapRules(ForeseeableRules::of);
  }

  private static Optional<Rule> of(Rule rule) {
    boolean helps =
        rule.action() instanceof RuleAction.Extension extension
            && extension.target() instanceof CtTarget target
            && !target.helper().isEmpty();
    if (helps || !isForEveryKernel(rule) || LEFT_OUT.stream().anyMatch(rule.toString()::contains)) {
      return Optional.empty();
    }
    ImmutableList<Match> matches =
        rule.matches().stream()
            .map(ForeseeableRules::inTurn)
            .collect(ImmutableList.toImmutableList());
    return Optional.of(
        new Rule(rule.header(), matches, rule.action(), rule.counters(), rule.line()));
  }

  private static Match inTurn(Match match) {
    if (match instanceof StatisticMatch.Random random) {
      long every = Decisions.CHANCE_SCALE / Math.max(1, random.threshold());
      return new StatisticMatch.Nth((int) Math.min(every, Integer.MAX_VALUE), 0, random.inverted());
    }
    return match;
  }
}
