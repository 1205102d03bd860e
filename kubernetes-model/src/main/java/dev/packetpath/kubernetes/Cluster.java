package dev.packetpath.kubernetes;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpPrefix;
import java.util.Optional;

/**
 * A cluster at one moment.
 *
 * @param nodes its nodes
 * @param pods its Pods
 * @param services its Services that have cluster addresses
 * @param podCidrs where the addresses of all Pods lie, at most one of each family
 * @param serviceCidrs where cluster addresses lie, at most one of each family
 */
public record Cluster(
    ImmutableList<ClusterNode> nodes,
    ImmutableList<Pod> pods,
    ImmutableList<Service> services,
    ImmutableList<IpPrefix> podCidrs,
    ImmutableList<IpPrefix> serviceCidrs) {
  /** Returns the node of a name, if there is one. */
  public Optional<ClusterNode> node(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }
}
