package dev.packetpath.compare.traffic;

/**
 * Time of cores by what they did, in cores.
 *
 * @param setUp setting connections up, without the rule walk
 * @param rules walking rules
 * @param client the clients' own work
 * @param sync kube-proxy's syncs
 */
public record CoreUse(double setUp, double rules, double client, double sync) {
  /** Returns the sum. */
  public double total() {
    return setUp + rules + client + sync;
  }
}
