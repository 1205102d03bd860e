package dev.packetpath.kubernetes.proxy.select;

import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Keeps the endpoints that are meant for a node or its zone. All or nothing: where one ready
 * endpoint lacks a hint, or none is meant for the node, all of them are used.
 */
final class TopologyHints {
  /** The first release that follows hints which name nodes. */
  private static final int NODE_HINTS = 34;

  private TopologyHints() {}

  static Predicate<Endpoint> of(List<Endpoint> endpoints, ClusterNode node, KubeVersion version) {
    List<Endpoint> ready =
        endpoints.stream().filter(endpoint -> endpoint.condition().ready()).toList();
    Function<Endpoint, Set<String>> nodes = endpoint -> endpoint.hints().nodes();
    if (version.atLeast(NODE_HINTS) && holds(ready, nodes, node.name())) {
      return endpoint -> nodes.apply(endpoint).contains(node.name());
    }
    Function<Endpoint, Set<String>> zones = endpoint -> endpoint.hints().zones();
    if (!node.zone().isEmpty() && holds(ready, zones, node.zone())) {
      return endpoint -> zones.apply(endpoint).contains(node.zone());
    }
    return endpoint -> true;
  }

  private static boolean holds(
      List<Endpoint> ready, Function<Endpoint, Set<String>> hints, String place) {
    return ready.stream().noneMatch(endpoint -> hints.apply(endpoint).isEmpty())
        && ready.stream().anyMatch(endpoint -> hints.apply(endpoint).contains(place));
  }
}
