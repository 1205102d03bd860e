package dev.packetpath.iptables;

/**
 * When a chain gets an index.
 *
 * @param minRules the rules of the shortest chain that gets one
 * @param plainRules the first rules of such a chain, at least, which are evaluated one by one all
 *     the same: a walk that ends early does not pay for the index
 * @param fewShapes with no more groups than these, the index costs no more than a rule or two:
 *     these stop at the first that asks for an address or a protocol. Of the 5,250 instructions
 *     that a new connection to one of 1,000 Services took, two rules of other Services were 250
 * @param minPortedRules how many rules of a bucket with a port each are found by port
 * @param rulesPerShape the rules there must be for each group; with fewer, probing the groups costs
 *     as much as evaluating the rules
 * @param percentFixingNothing the most rules that may ask for no field and no port by which an
 *     index finds rules
 */
record IndexLimits(
    int minRules,
    int plainRules,
    int fewShapes,
    int minPortedRules,
    int rulesPerShape,
    int percentFixingNothing) {
  /** What is fastest. */
  static final IndexLimits DEFAULT = new IndexLimits(24, 2, 4, 16, 4, 75);
}
