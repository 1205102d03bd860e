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
 * @param levels what rules cost from certain distances on, ascending
 * @param rise how the cost rises from level to level
 * @param provenance how the figures were come by
 * @param source where they come from, in words
 */
public record RuleCost(
    double inCacheNs,
    ImmutableList<Level> levels,
    Rise rise,
    Provenance provenance,
    String source) {
  /** How the cost rises with the bytes. */
  public enum Rise {
    /**
     * From level to level on a straight line over the logarithm of the bytes; beyond the last one
     * no further. For costs that were measured at these bytes.
     */
    LINE,
    /**
     * Each level is a cache of so many bytes and what a rule costs that it does not hold. A walk
     * over more bytes, round and round, still finds as many of them as fit: caches do not evict
     * strictly by age but keep a part of what would else displace itself (Qureshi et al., Adaptive
     * Insertion Policies, ISCA 2007), so the share that is found is the cache's bytes over those
     * walked.
     */
    SHARE
  }

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

  /** Creates a cost that rises on lines. */
  public RuleCost(
      double inCacheNs, ImmutableList<Level> levels, Provenance provenance, String source) {
    this(inCacheNs, levels, Rise.LINE, provenance, source);
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
    return new RuleCost(inCacheNs, ImmutableList.copyOf(others), rise, provenance, source);
  }

  /**
   * Returns nanoseconds a rule, where each rule is used again after so many bytes of rules: what
   * packets cost that all walk the same chains to their end.
   */
  public double ns(double bytes) {
    if (levels.isEmpty() || bytes < levels.get(0).bytes()) {
      return inCacheNs;
    }
    return rise == Rise.SHARE ? shareNs(bytes, 1) : lineNs(bytes);
  }

  /**
   * Returns the cost by the shares that each cache does not hold.
   *
   * @param power 1 where each rule is used again after all the bytes, 2 where after a part of them
   *     whose density rises as {@link #uniformNs} says: the integral of (1 - C/d) 2d/B² is (1 -
   *     C/B)²
   */
  private double shareNs(double bytes, int power) {
    double sum = inCacheNs;
    double before = inCacheNs;
    for (Level cache : levels) {
      double missed = Math.max(0, 1 - cache.bytes() / bytes);
      sum += (cache.ns() - before) * (power == 1 ? missed : missed * missed);
      before = cache.ns();
    }
    return sum;
  }

  private double lineNs(double bytes) {
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
    return rise == Rise.SHARE ? shareNs(bytes, 2) : uniformLineNs(bytes);
  }

  private double uniformLineNs(double bytes) {
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
