package dev.packetpath.cli.calibrate;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.cost.Provenance;
import dev.packetpath.core.cost.RuleCost;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds how the cost of a rule rises with the list of Services, from connections to Services at
 * known places: the slope of their time over the rules that they meet. The levels are chosen so
 * that connections to Services that are all as likely take on average what they took.
 */
final class RuleCurve {
  /** A rule of KUBE-SERVICES with its comment (Linux 6.18, x_tables.h and ip_tables.h, 64 bits). */
  static final int RULE_BYTES = 488;

  private final double inCacheNs;
  private final List<RuleCost.Level> levels = new ArrayList<>();

  /**
   * Creates a curve without a rise.
   *
   * @param inCacheNs what a rule takes in a short chain, more than 0
   * @param rules the length of that chain
   */
  RuleCurve(double inCacheNs, int rules) {
    this.inCacheNs = Figure.rounded(inCacheNs);
    levels.add(new RuleCost.Level((long) rules * RULE_BYTES, this.inCacheNs));
  }

  /**
   * Adds a point; points come with ascending bytes.
   *
   * @param bytes the bytes of the list of Services
   * @param uniformNs what a rule takes in the mean over all of them
   */
  void add(long bytes, double uniformNs) {
    double without = with(bytes, 0).uniformNs((double) bytes);
    double slope = with(bytes, 1).uniformNs((double) bytes) - without;
    double before = levels.get(levels.size() - 1).ns();
    levels.add(
        new RuleCost.Level(bytes, Figure.rounded(Math.max(before, (uniformNs - without) / slope))));
  }

  private RuleCost with(long bytes, double ns) {
    List<RuleCost.Level> others = new ArrayList<>(levels);
    others.add(new RuleCost.Level(bytes, ns));
    return new RuleCost(inCacheNs, ImmutableList.copyOf(others), Provenance.MEASURED, "");
  }

  /** Returns the curve. */
  RuleCost cost(Provenance provenance, String source) {
    return new RuleCost(inCacheNs, ImmutableList.copyOf(levels), provenance, source);
  }

  /** Returns the slope of the straight line that is nearest to points. */
  static double slope(List<Double> x, List<Double> y) {
    double meanX = mean(x);
    double meanY = mean(y);
    double above = 0;
    double below = 0;
    for (int i = 0; i < x.size(); i++) {
      above += (x.get(i) - meanX) * (y.get(i) - meanY);
      below += (x.get(i) - meanX) * (x.get(i) - meanX);
    }
    return above / below;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
