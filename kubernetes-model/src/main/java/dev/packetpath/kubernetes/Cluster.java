package dev.packetpath.kubernetes;

import static java.util.stream.Collectors.joining;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.policy.NetworkPolicy;

/**
 * A cluster at one moment.
 *
 * @param nodes its nodes
 * @param pods its Pods
 * @param services its Services that have cluster addresses
 * @param podCidrs where the addresses of all Pods lie, at most one of each family
 * @param serviceCidrs where cluster addresses lie, at most one of each family
 * @param namespaces the labels of its namespaces, by their names; those without are left out
 * @param policies its NetworkPolicies
 */
public record Cluster(
    ImmutableList<ClusterNode> nodes,
    ImmutableList<Pod> pods,
    ImmutableList<Service> services,
    ImmutableList<IpPrefix> podCidrs,
    ImmutableList<IpPrefix> serviceCidrs,
    ImmutableMap<String, ImmutableMap<String, String>> namespaces,
    ImmutableList<NetworkPolicy> policies) {
  /** The label that every namespace has: its name. */
  public static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  private static final int NODES_NAMED = 5;

  /** Creates a cluster without NetworkPolicies whose namespaces have no labels of their own. */
  public Cluster(
      ImmutableList<ClusterNode> nodes,
      ImmutableList<Pod> pods,
      ImmutableList<Service> services,
      ImmutableList<IpPrefix> podCidrs,
      ImmutableList<IpPrefix> serviceCidrs) {
    this(nodes, pods, services, podCidrs, serviceCidrs, ImmutableMap.of(), ImmutableList.of());
  }

  /**
   * Returns the node of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public ClusterNode node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(noNode(name)));
  }

  private String noNode(String name) {
    String known = nodes.stream().limit(NODES_NAMED).map(ClusterNode::name).collect(joining(", "));
    String more = nodes.size() > NODES_NAMED ? ", …" : "";
    return "the cluster has no node %s; its %d nodes: %s%s"
        .formatted(name, nodes.size(), known, more);
  }

  /** Returns this cluster with other Services. */
  public Cluster withServices(ImmutableList<Service> others) {
    return new Cluster(nodes, pods, others, podCidrs, serviceCidrs, namespaces, policies);
  }

  /** Returns the labels of a namespace. */
  public ImmutableMap<String, String> namespaceLabels(String namespace) {
    ImmutableMap<String, String> own = namespaces.getOrDefault(namespace, ImmutableMap.of());
    return own.containsKey(NAMESPACE_NAME)
        ? own
        : ImmutableMap.<String, String>builder()
            .putAll(own)
            .put(NAMESPACE_NAME, namespace)
            .buildOrThrow();
  }
}
