package dev.packetpath.core.cost;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * What work costs, in nanoseconds of a core.
 *
 * @param rulesNs rules, with their matches, targets, chains, sets and maps
 * @param conntrackNs connection tracking
 * @param natNs address translation
 * @param ipvsNs IP virtual server
 * @param otherNs all else
 */
public record Cost(
    double rulesNs, double conntrackNs, double natNs, double ipvsNs, double otherNs) {
  /** No cost. */
  public static final Cost NONE = new Cost(0, 0, 0, 0, 0);

  /** Returns the cost of sums by the ordinal of their kind. */
  static Cost of(double[] sums) {
    return new Cost(
        sums[CostKind.RULES.ordinal()],
        sums[CostKind.CONNTRACK.ordinal()],
        sums[CostKind.NAT.ordinal()],
        sums[CostKind.IPVS.ordinal()],
        sums[CostKind.OTHER.ordinal()]);
  }

  /** Returns a part. */
  public double ns(CostKind kind) {
    return switch (kind) {
      case RULES -> rulesNs;
      case CONNTRACK -> conntrackNs;
      case NAT -> natNs;
      case IPVS -> ipvsNs;
      case OTHER -> otherNs;
    };
  }

  /** Returns the sum. */
  public double totalNs() {
    return rulesNs + conntrackNs + natNs + ipvsNs + otherNs;
  }

  /** Returns both costs together. */
  public Cost plus(Cost other) {
    return new Cost(
        rulesNs + other.rulesNs,
        conntrackNs + other.conntrackNs,
        natNs + other.natNs,
        ipvsNs + other.ipvsNs,
        otherNs + other.otherNs);
  }

  /** Returns this cost so many times, 0 or more. */
  public Cost times(double factor) {
    checkArgument(factor >= 0, "factor: %s, expected 0 or more", factor);
    return new Cost(
        rulesNs * factor, conntrackNs * factor, natNs * factor, ipvsNs * factor, otherNs * factor);
  }
}
