package dev.packetpath.cli;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.ModeSweep;
import dev.packetpath.compare.work.ClusterWorkload;
import dev.packetpath.compare.work.NodeWorkload;
import dev.packetpath.compare.work.Workload;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.SnapshotReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
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
          "instead of made-up clusters, your own: what kubectl get -A -o yaml (or json)",
          "services,endpointslices,nodes,namespaces,networkpolicies,pods printed;",
          "- for standard input; --node-name, the client's, and --cluster-cidr go with it"
        })
    private Optional<String> manifests = Optional.empty();

    @Option(
        names = "--node",
        paramLabel = "DIR",
        description = {
          "instead of made-up clusters, a node's snapshot: its rules as they are,",
          "and what its Services would be in other modes"
        })
    private Optional<Path> node = Optional.empty();
  }

  @Mixin private ClusterOptions more = new ClusterOptions();

  /** Returns whether there is one. */
  boolean isGiven() {
    return source.manifests.isPresent() || source.node.isPresent();
  }

  /** Returns whether an option is given that goes with manifests alone, and there are none. */
  boolean lacksManifests() {
    return source.manifests.isEmpty() && more.areGiven();
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
    Cluster cluster = more.read(file, ImmutableList.of());
    ClusterWorkload own =
        ManifestFile.naming(file.title(), () -> new ClusterWorkload(cluster, more.node(cluster)));
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
