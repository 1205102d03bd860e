package dev.packetpath.compare.work;

import com.google.common.collect.ImmutableSortedMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;

/** Adds up work, weighted. Not safe for use by several threads. */
final class WorkSum {
  private static final double PRECISION = 1e6;
  private static final double NOTHING = 1e-9;

  private final TreeMap<String, Double> counts = new TreeMap<>();

  @CanIgnoreReturnValue
  WorkSum add(Map<String, ? extends Number> work, double weight) {
    work.forEach(
        (operation, count) -> counts.merge(operation, weight * count.doubleValue(), Double::sum));
    return this;
  }

  /** Returns the sums; what cancels out is left out. */
  ImmutableSortedMap<String, Double> result() {
    return result(count -> Math.abs(count) < NOTHING ? 0 : count);
  }

  /** Returns the sums to a millionth, so that chances as the kernel rounds them add up to one. */
  ImmutableSortedMap<String, Double> rounded() {
    return result(count -> Math.rint(count * PRECISION) / PRECISION);
  }

  private ImmutableSortedMap<String, Double> result(DoubleUnaryOperator form) {
    ImmutableSortedMap.Builder<String, Double> result = ImmutableSortedMap.naturalOrder();
    counts.forEach(
        (operation, count) -> {
          double formed = form.applyAsDouble(count);
          if (formed != 0) {
            result.put(operation, formed);
          }
        });
    return result.build();
  }
}
