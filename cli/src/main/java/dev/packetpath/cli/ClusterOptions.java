package dev.packetpath.cli;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Cluster;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say of a cluster what manifests need not. */
final class ClusterOptions {
  @Option(names = "--node-name", paramLabel = "NAME", description = "the node (default: the first)")
  private Optional<String> nodeName = Optional.empty();

  @Option(
      names = "--cluster-cidr",
      paramLabel = "CIDR",
      split = ",",
      converter = ProxyOptions.PrefixConverter.class,
      description = {
        "where Pods' addresses lie (default: 10.244.0.0/16; 10.128.0.0/9 in made-up",
        "clusters with more Pods than that)"
      })
  private List<IpPrefix> podCidrs = List.of();

  /** Returns whether there is one of them. */
  boolean areGiven() {
    return nodeName.isPresent() || !podCidrs.isEmpty();
  }

  /** Returns where Pods' addresses lie; none: where they usually do. */
  List<IpPrefix> podCidrs() {
    return podCidrs;
  }

  /**
   * Reads the cluster of manifests.
   *
   * @param nodeIps the node's addresses; none: as the manifests say
   */
  Cluster read(ManifestFile manifests, List<IpAddress> nodeIps) throws IOException {
    return manifests.read(nodeName, nodeIps, podCidrs);
  }

  /** Returns the name of the node that is asked about. */
  String node(Cluster cluster) {
    return nodeName.orElseGet(() -> cluster.nodes().get(0).name());
  }
}
