package dev.packetpath.kubernetes.proxy.select;

import com.google.common.collect.ImmutableList;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which endpoints of a port a node uses.
 *
 * <p>Source: kubernetes pkg/proxy/topology.go.
 *
 * @param cluster those for traffic that may use all of the cluster
 * @param local those for traffic that stays on the node
 * @param reachable those that any traffic may reach
 * @param hasAny whether there are any, reachable from this node or not
 * @param known how many there are, used or not
 */
public record EndpointSelection(
    ImmutableList<Endpoint> cluster,
    ImmutableList<Endpoint> local,
    ImmutableList<Endpoint> reachable,
    boolean hasAny,
    int known) {
  /** The first release whose terminating endpoints serve where no other does. */
  private static final int TERMINATING_ENDPOINTS = 26;

  /**
   * Returns what a node uses of a port.
   *
   * @param version the release of kube-proxy, with its default feature gates
   */
  public static EndpointSelection of(ProxiedPort port, ClusterNode node, KubeVersion version) {
    ImmutableList<Endpoint> all = port.endpoints(node.name());
    if (!port.usesLocalEndpoints() && all.stream().allMatch(Endpoint::isPlain)) {
      return new EndpointSelection(all, ImmutableList.of(), all, !all.isEmpty(), all.size());
    }
    Predicate<Endpoint> serves =
        endpoint ->
            version.atLeast(TERMINATING_ENDPOINTS) && endpoint.condition().servesWhileTerminating();
    Predicate<Endpoint> nearby =
        HintsUse.of(version).follows(port.service())
            ? TopologyHints.of(all, node, version)
            : endpoint -> true;
    List<Endpoint> ready = all.stream().filter(endpoint -> endpoint.condition().ready()).toList();

    ImmutableList<Endpoint> cluster = ImmutableList.of();
    if (port.usesClusterEndpoints()) {
      cluster = filter(ready, nearby);
      if (cluster.isEmpty()) {
        cluster = filter(all, serves);
      }
    }
    if (!port.usesLocalEndpoints()) {
      return new EndpointSelection(
          cluster, ImmutableList.of(), cluster, !cluster.isEmpty(), all.size());
    }
    Predicate<Endpoint> isLocal = endpoint -> endpoint.node().equals(node.name());
    ImmutableList<Endpoint> local = filter(ready, isLocal);
    if (local.isEmpty()) {
      local = filter(all, isLocal.and(serves));
    }
    boolean hasAny = !cluster.isEmpty() || !ready.isEmpty() || all.stream().anyMatch(serves);
    return new EndpointSelection(cluster, local, union(all, cluster, local), hasAny, all.size());
  }

  private static ImmutableList<Endpoint> filter(List<Endpoint> from, Predicate<Endpoint> which) {
    return from.stream().filter(which).collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<Endpoint> union(
      List<Endpoint> order, ImmutableList<Endpoint> one, ImmutableList<Endpoint> other) {
    if (one.containsAll(other)) {
      return one;
    }
    return filter(order, endpoint -> one.contains(endpoint) || other.contains(endpoint));
  }
}
