package dev.packetpath.cli;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.ModeSweep;
import dev.packetpath.compare.work.ClusterWorkload;
import dev.packetpath.compare.work.NodeWorkload;
import dev.packetpath.compare.work.Workload;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.SnapshotReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of {@code packetpath compare} for a cluster of the user's own. */
final class OwnCluster {
  @ArgGroup private Source source = new Source();

  /** The cluster, one way or the other. */
  static final class Source {
    @Option(
        names = "--manifests",
        paramLabel = "FILE",
        description = {
          "instead of made-up clusters, your own: what kubectl get services,endpointslices,nodes,",
          "namespaces,networkpolicies,pods -A -o yaml (or json) printed; - for standard input"
        })
    private Optional<String> manifests = Optional.empty();

    @Option(
        names = "--node",
        paramLabel = "DIR",
        description = {
          "instead of made-up clusters, a node's snapshot: its rules as they are, and what its",
          "Services would be in other modes"
        })
    private Optional<Path> node = Optional.empty();
  }

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      description = "with --manifests: the client's node (default: the first)")
  private Optional<String> nodeName = Optional.empty();

  @Option(
      names = "--cluster-cidr",
      paramLabel = "C,...",
      split = ",",
      converter = ProxyOptions.PrefixConverter.class,
      description = "with --manifests: where Pods' addresses lie (default: 10.244.0.0/16)")
  private List<IpPrefix> clusterCidr = List.of();

  /** Returns whether there is one. */
  boolean isGiven() {
    return source.manifests.isPresent() || source.node.isPresent();
  }

  /** Returns whether an option is given that goes with manifests alone, and there are none. */
  boolean lacksManifests() {
    return source.manifests.isEmpty() && (nodeName.isPresent() || !clusterCidr.isEmpty());
  }

  /**
   * A cluster, and what to ask of it.
   *
   * @param workload the cluster
   * @param configurations the configurations
   */
  record Answerable(Workload workload, ImmutableList<Configuration> configurations) {}

  /** Reads the cluster. */
  Answerable read(ModeSweep question) throws IOException {
    double rate = question.requestsPerSecond();
    if (source.node.isPresent()) {
      NodeSnapshot snapshot = SnapshotReader.read(source.node.get());
      NodeWorkload node =
          ManifestFile.naming(source.node.get().toString(), () -> new NodeWorkload(snapshot));
      return new Answerable(
          node,
          question.points().stream()
              .map(at -> node.configuration(at.mode(), at.version(), at.keepalive(), rate))
              .collect(ImmutableList.toImmutableList()));
    }
    ManifestFile file = new ManifestFile(source.manifests.orElseThrow());
    Cluster cluster = file.read(nodeName, ImmutableList.of(), clusterCidr);
    String node = nodeName.orElseGet(() -> cluster.nodes().get(0).name());
    ClusterWorkload own =
        ManifestFile.naming(file.title(), () -> new ClusterWorkload(cluster, node));
    return new Answerable(
        own,
        question.points().stream()
            .map(
                at ->
                    own.configuration(
                        at.mode(), at.version(), question.calico(), at.keepalive(), rate))
            .collect(ImmutableList.toImmutableList()));
  }
}
