package dev.packetpath.kubernetes;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;

/**
 * A policy of one rule that selects all Pods: it allows what comes from its peers.
 *
 * @param name its name
 * @param peers the addresses of the peers
 */
public record CalicoPolicy(String name, ImmutableList<IpAddress> peers) {
  /**
   * Returns the policies of the published experiment: three, of which the last one allows what
   * comes from any Pod.
   */
  public static ImmutableList<CalicoPolicy> usual(Cluster cluster) {
    ImmutableList<IpAddress> pods =
        cluster.pods().stream()
            .flatMap(pod -> pod.addresses().stream())
            .collect(ImmutableList.toImmutableList());
    return ImmutableList.of(
        new CalicoPolicy("default.allow-nobody", ImmutableList.of()),
        new CalicoPolicy("default.allow-no-one-else", ImmutableList.of()),
        new CalicoPolicy("default.allow-pods", pods));
  }
}
