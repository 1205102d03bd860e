package dev.packetpath.compare;

/**
 * The CPU time of the client's node over the time of the experiment, in cores.
 *
 * @param rules rules evaluated
 * @param conntrack connection tracking
 * @param nat address translation
 * @param ipvs ip_vs
 * @param sync kube-proxy's repeated syncs, the kernel's part included
 * @param base all else: what the same requests cost without kube-proxy
 */
public record CpuCores(
    double rules, double conntrack, double nat, double ipvs, double sync, double base) {
  /** Returns the sum. */
  public double total() {
    return rules + conntrack + nat + ipvs + sync + base;
  }
}
