package dev.packetpath.compare;

import com.google.common.collect.ImmutableList;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.SyntheticCluster;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.RulesTraversed;

/**
 * How many rules of Calico's the first packet of a connection to a Pod meets, beside kube-proxy's:
 * on a node of 30 Pods, each with three policies.
 *
 * @param services how many Services the cluster has
 * @param mean the mean over the node's Pods
 * @param max to the Pod that is farthest
 */
public record CalicoRules(int services, double mean, long max) {
  /** Returns what a made-up cluster of that size needs. Takes time in proportion to its size. */
  public static CalicoRules of(int services, int endpoints) {
    Cluster whole =
        SyntheticCluster.of(SyntheticCluster.Size.of(services, endpoints), ImmutableList.of(), 0);
    // Its Services make Pods and have no part in Calico's program.
    Cluster cluster = whole.withServices(ImmutableList.of());
    RulesTraversed rules =
        NodeProgram.withCalico(
                cluster,
                cluster.nodes().get(0).name(),
                ProxyConfig.builder().build(),
                CalicoPolicy.usual())
            .calicoRulesTraversed();
    return new CalicoRules(services, rules.mean(), rules.most());
  }
}
