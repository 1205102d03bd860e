package dev.packetpath.compare.work;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.compare.RulesPerConnection;

/** Adds up connections that were opened. Not safe for use by several threads. */
final class PathTally {
  private final WorkSum opening = new WorkSum();
  private final WorkSum handshake = new WorkSum();
  private final WorkSum sent = new WorkSum();
  private final WorkSum received = new WorkSum();
  private ImmutableSortedMap<String, Double> worst = ImmutableSortedMap.of();
  private double weight;
  private double mostRules = -1;
  private long serviceChainMax;
  private long mostNftRules;

  /**
   * Adds one way of a connection; one that does not pass counts for nothing.
   *
   * @param share how much it counts, beside its chance
   */
  void add(ConnectionProbe.Way way, double share) {
    if (!way.passes()) {
      return;
    }
    double part = way.probability() * share;
    weight += part;
    opening.add(way.opening(), part);
    handshake.add(way.handshake(), part);
    sent.add(way.sent(), part);
    received.add(way.received(), part);
    serviceChainMax = Math.max(serviceChainMax, way.serviceChain());
    if (way.rules() > mostRules) {
      mostRules = way.rules();
      worst = way.opening();
      mostNftRules = Math.round(worst.getOrDefault("nftRuleEvaluated", 0.0));
    }
  }

  /** Returns the means over what was added. */
  PathWork result(long ruleBytes) {
    checkArgument(weight > 0, "none of the connections to Services passes");
    ImmutableSortedMap<String, Double> mean = mean(opening);
    return new PathWork(
        mean,
        worst,
        new RulesPerConnection(
            PathWork.rules(mean), Math.round(mostRules), serviceChainMax + mostNftRules),
        ruleBytes,
        mean(handshake),
        mean(sent),
        mean(received));
  }

  private ImmutableSortedMap<String, Double> mean(WorkSum sum) {
    return new WorkSum().add(sum.result(), 1 / weight).rounded();
  }
}
