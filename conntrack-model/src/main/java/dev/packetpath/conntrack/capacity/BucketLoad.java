package dev.packetpath.conntrack.capacity;

import java.util.Arrays;

/**
 * How many nodes of unassured entries the buckets of a table have: the share of buckets with none,
 * with one, and so on. It is a Poisson distribution as long as nodes come and go one by one; a
 * packet that makes room empties a bucket at once and thins it.
 */
final class BucketLoad {
  private static final int LOOKED_AT = 8;
  private static final double SMALLEST = 1e-13;

  private final double buckets;
  private double[] share = {1};
  private double mean;

  BucketLoad(int buckets) {
    this.buckets = buckets;
  }

  /** Returns the chance that one of eight buckets in a row has an unassured entry. */
  double chanceOfRoom() {
    return 1 - Math.pow(share[0], LOOKED_AT);
  }

  /**
   * Returns the chance that it is the first of the eight buckets, if one has an unassured entry.
   */
  double chanceOfFirst() {
    double used = 1 - share[0];
    return used < SMALLEST ? 1.0 / LOOKED_AT : used / chanceOfRoom();
  }

  /** Returns how many unassured entries a bucket has that has any. */
  double entriesWhereAny() {
    double used = 1 - share[0];
    return used < SMALLEST ? 1 : Math.max(1, mean / used);
  }

  /**
   * Moves on.
   *
   * @param emptied buckets emptied, each of those that have nodes as likely as another
   * @param added nodes added, each to any bucket
   * @param nodes how many nodes there are afterwards; the rest was removed one by one
   */
  void change(double emptied, double added, double nodes) {
    empty(emptied / buckets);
    double until = Math.max(0, nodes / buckets);
    double more = Math.min(until, added / buckets);
    if (mean > until - more) {
      thin((until - more) / mean);
    }
    add(until - mean);
  }

  private void empty(double shareEmptied) {
    double used = 1 - share[0];
    if (shareEmptied > 0 && used > SMALLEST) {
      double kept = Math.max(0, 1 - shareEmptied / used);
      for (int n = 1; n < share.length; n++) {
        share[n] *= kept;
      }
      share[0] = 1 - used * kept;
      mean *= kept;
    }
  }

  /** Keeps each node with a chance. */
  private void thin(double chance) {
    double[] thinned = new double[share.length];
    for (int n = 0; n < share.length; n++) {
      double binomial = share[n] * Math.pow(1 - chance, n);
      for (int kept = 0; kept <= n && binomial > 0; kept++) {
        thinned[kept] += binomial;
        binomial *= (double) (n - kept) / (kept + 1) * chance / (1 - chance);
      }
    }
    share = thinned;
    mean *= chance;
  }

  /** Adds nodes at random, so many for each bucket in the mean. */
  private void add(double each) {
    if (each <= 0) {
      return;
    }
    double none = Math.exp(-each);
    double[] sum = new double[share.length + 1];
    double poisson = none;
    for (int more = 0; poisson > SMALLEST; more++) {
      if (sum.length < share.length + more) {
        sum = Arrays.copyOf(sum, share.length + more);
      }
      for (int n = 0; n < share.length; n++) {
        sum[n + more] += share[n] * poisson;
      }
      poisson *= each / (more + 1);
    }
    int length = sum.length;
    while (length > 1 && sum[length - 1] < SMALLEST) {
      length--;
    }
    share = Arrays.copyOf(sum, length);
    mean += each;
  }
}
