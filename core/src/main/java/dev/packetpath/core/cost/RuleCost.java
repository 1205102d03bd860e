package dev.packetpath.core.cost;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * What the evaluation of one rule of iptables costs that does not match. Rules lie one behind the
 * other in memory (Linux 6.18, net/ipv4/netfilter/ip_tables.c), so what it costs to read one
 * depends on whether a cache still holds it: on how many bytes of rules were walked since it was
 * read before.
 *
 * @param inCacheNs nanoseconds while all rules stay in the nearest cache that counts
 * @param levels what rules cost from certain distances on, ascending; in between on a straight line
 *     over the logarithm of the bytes, and beyond the last one as much as there
 * @param provenance how the figures were come by
 * @param source where they come from, in words
 */
public record RuleCost(
    double inCacheNs, ImmutableList<Level> levels, Provenance provenance, String source) {
  /**
   * A point of the rise.
   *
   * @param bytes bytes of rules that are walked between two uses of a rule, at least 1
   * @param ns nanoseconds a rule
   */
  public record Level(long bytes, double ns) {
    /** Checks the ranges. */
    public Level {
      checkArgument(bytes >= 1, "bytes: %s, expected at least 1", bytes);
      checkArgument(ns >= 0 && ns < Double.POSITIVE_INFINITY, "ns: %s, expected 0 or more", ns);
    }
  }

  /** Checks the order of the levels. */
  public RuleCost {
    checkArgument(
        inCacheNs >= 0 && inCacheNs < Double.POSITIVE_INFINITY,
        "inCacheNs: %s, expected 0 or more",
        inCacheNs);
    for (int i = 1; i < levels.size(); i++) {
      checkArgument(
          levels.get(i - 1).bytes() < levels.get(i).bytes(),
          "level of %s bytes behind one of %s, expected more",
          levels.get(i).bytes(),
          levels.get(i - 1).bytes());
    }
  }

  /** Returns a cost that does not depend on the caches. */
  public static RuleCost constant(double ns, Provenance provenance, String source) {
    return new RuleCost(ns, ImmutableList.of(), provenance, source);
  }

  /** Returns these figures with other levels. */
  public RuleCost withLevels(List<Level> others) {
    return new RuleCost(inCacheNs, ImmutableList.copyOf(others), provenance, source);
  }

  /**
   * Returns nanoseconds a rule, where each rule is used again after so many bytes of rules: what
   * packets cost that all walk the same chains to their end.
   */
  public double ns(double bytes) {
    if (levels.isEmpty() || bytes < levels.get(0).bytes()) {
      return inCacheNs;
    }
    int i = 1;
    while (i < levels.size() && bytes >= levels.get(i).bytes()) {
      i++;
    }
    Level from = levels.get(i - 1);
    return i == levels.size()
        ? from.ns()
        : from.ns() + slope(from, levels.get(i)) * Math.log(bytes / from.bytes());
  }

  private static double slope(Level from, Level to) {
    return (to.ns() - from.ns()) / Math.log((double) to.bytes() / from.bytes());
  }

  /**
   * Returns nanoseconds a rule in the mean over packets that leave a chain of so many bytes at
   * places spread evenly over it, as connections to Services do that are all as likely.
   *
   * <p>Between two uses of the rule at place x, the bytes walked are those up to where the first of
   * the two walks ended (the rest of that walk, and the head of the chain, which any walk in
   * between stays in): spread evenly from x to the chain's end B. Over all rules, each as often as
   * it is used, the distance has the density 2d/B².
   */
  public double uniformNs(double bytes) {
    if (levels.isEmpty() || bytes <= levels.get(0).bytes()) {
      return inCacheNs;
    }
    double sum = inCacheNs * square(levels.get(0).bytes() / bytes);
    for (int i = 0; i < levels.size() && levels.get(i).bytes() < bytes; i++) {
      Level from = levels.get(i);
      boolean last = i + 1 == levels.size();
      double end = last ? bytes : Math.min(bytes, (double) levels.get(i + 1).bytes());
      double rise = last ? 0 : slope(from, levels.get(i + 1));
      sum += part(from, rise, from.bytes() / bytes, end / bytes);
    }
    return sum;
  }

  /** Returns the integral of 2u (ns + rise · ln(u / start)) from start to end. */
  private static double part(Level from, double rise, double start, double end) {
    double squares = square(end) - square(start);
    return from.ns() * squares + rise * (square(end) * Math.log(end / start) - squares / 2);
  }

  private static double square(double value) {
    return value * value;
  }
}
