package dev.packetpath.cli.calibrate;

import static com.google.common.base.Preconditions.checkState;

import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.core.cost.Provenance;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Prices of operations, found one after the other: what a case takes more than another one, less
 * what is known of it, is the price of what it does more. Belongs to one thread.
 */
final class PriceSheet {
  private final BaseFigures base;
  private final Map<String, OperationCost> prices = new HashMap<>();

  /**
   * Creates an empty sheet.
   *
   * @param base where prices are from that noise hides
   */
  PriceSheet(BaseFigures base) {
    this.base = base;
  }

  /**
   * Prices operations that were not told apart: each run of one as much as each of another. Where
   * noise took more than they did, their prices are the other profile's.
   *
   * @param operations their names
   * @param ns what was measured
   * @param work what was done in that time, by name
   * @param source how, in words
   */
  void price(Set<String> operations, double ns, Map<String, ? extends Number> work, String source) {
    double runs = runs(work, operations);
    double more = ns - known(work, operations);
    for (String operation : operations) {
      prices.put(
          operation,
          more > 0
              ? measured(operation, operations, Figure.rounded(more / runs), source)
              : base.operation(operation, BaseFigures.IN_NOISE));
    }
  }

  private static OperationCost measured(
      String operation, Set<String> operations, double ns, String source) {
    return operations.size() == 1
        ? new OperationCost(operation, ns, Provenance.MEASURED, source)
        : new OperationCost(
            operation,
            ns,
            Provenance.DERIVED,
            source + ", shared with " + others(operations, operation));
  }

  /**
   * Brings prices to what connections take: measured back to back, packets find everything in the
   * nearest caches.
   *
   * @param operations the names of those whose share the difference is
   * @param ns what was measured
   * @param work what was done in that time, by name
   */
  void scale(Set<String> operations, double ns, Map<String, ? extends Number> work) {
    double expected = known(work, Set.of()) - known(work, operations);
    if (expected <= 0 || ns <= known(work, operations)) {
      return;
    }
    double factor = (ns - known(work, operations)) / expected;
    for (String operation : operations) {
      OperationCost cost = cost(operation);
      prices.put(
          operation,
          new OperationCost(
              operation,
              Figure.rounded(cost.ns() * factor),
              cost.provenance(),
              cost.source()
                  + String.format(Locale.ROOT, "; times %.2f, as in connections", factor)));
    }
  }

  /** Returns what work costs by the prices, but for some operations. */
  double known(Map<String, ? extends Number> work, Set<String> without) {
    double sum = 0;
    for (Map.Entry<String, ? extends Number> entry : work.entrySet()) {
      if (!without.contains(entry.getKey())) {
        sum += cost(entry.getKey()).ns() * entry.getValue().doubleValue();
      }
    }
    return sum;
  }

  private static double runs(Map<String, ? extends Number> work, Set<String> operations) {
    double runs = 0;
    for (String operation : operations) {
      Number times = work.get(operation);
      runs += times == null ? 0 : times.doubleValue();
    }
    checkState(runs > 0, "%s: not done by what shall measure it: %s", operations, work);
    return runs;
  }

  private static String others(Set<String> operations, String operation) {
    return String.join(
        ", ", operations.stream().filter(other -> !other.equals(operation)).sorted().toList());
  }

  private OperationCost cost(String operation) {
    OperationCost cost = prices.get(operation);
    checkState(cost != null, "%s has no price yet", operation);
    return cost;
  }

  double ns(String operation) {
    return cost(operation).ns();
  }

  /** Returns the prices, by name. */
  Map<String, OperationCost> prices() {
    return Map.copyOf(prices);
  }
}
