package dev.packetpath.core.cost;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Sets;
import java.util.Map;

/**
 * Nanoseconds for each primitive operation. Cost = Work × CostModel. Immutable.
 *
 * @param rules what a rule of iptables costs, the operation {@value #RULE_EVALUATED}
 * @param operations what each other operation costs, by name
 */
public record CostModel(RuleCost rules, ImmutableSortedMap<String, OperationCost> operations) {
  /** The operation that {@link #rules} prices. */
  public static final String RULE_EVALUATED = "ruleEvaluated";

  /**
   * Returns what work costs whose rules are used again after so many bytes of rules.
   *
   * @param work how often each operation ran, by name; means may have fractions
   * @param ruleBytes bytes of rules that are walked between two uses of the same rule
   * @throws UnpricedException if an operation has no price
   */
  public Cost cost(Map<String, ? extends Number> work, long ruleBytes) {
    return costAt(work, rules.ns((double) ruleBytes));
  }

  /**
   * Returns what work costs at a price of a rule.
   *
   * @param work how often each operation ran, by name; means may have fractions
   * @param ruleNs nanoseconds a rule, such as {@link RuleCost#uniformNs} says
   * @throws UnpricedException if an operation has no price
   */
  public Cost costAt(Map<String, ? extends Number> work, double ruleNs) {
    double[] sums = new double[CostKind.values().length];
    work.forEach(
        (operation, count) -> {
          double ns = operation.equals(RULE_EVALUATED) ? ruleNs : price(operation, work);
          sums[CostKind.of(operation).ordinal()] += count.doubleValue() * ns;
        });
    return Cost.of(sums);
  }

  private double price(String operation, Map<String, ? extends Number> work) {
    OperationCost cost = operations.get(operation);
    if (cost == null) {
      throw new UnpricedException(unpriced(work));
    }
    return cost.ns();
  }

  /** Returns the operations of some work that have no price. */
  public ImmutableSortedSet<String> unpriced(Map<String, ? extends Number> work) {
    return ImmutableSortedSet.copyOf(
        Sets.filter(
            Sets.difference(work.keySet(), operations.keySet()),
            operation -> !operation.equals(RULE_EVALUATED)));
  }

  /** Returns these costs with other ones for rules. */
  public CostModel withRules(RuleCost others) {
    return new CostModel(others, operations);
  }
}
