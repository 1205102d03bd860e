package dev.packetpath.iptables;

/**
 * When a chain gets an index.
 *
 * @param minRules the rules of the shortest chain that gets one
 * @param plainRules the first rules of such a chain, which are evaluated one by one all the same: a
 *     walk that ends early does not pay for the index
 * @param minPortedRules how many rules of a bucket with a port each are found by port
 * @param maxShapes the most groups, each of which costs a probe
 */
record IndexLimits(int minRules, int plainRules, int minPortedRules, int maxShapes) {
  /** What is fastest. */
  static final IndexLimits DEFAULT = new IndexLimits(24, 8, 16, 16);
}
