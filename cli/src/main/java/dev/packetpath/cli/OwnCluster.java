package dev.packetpath.cli;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.Sweep;
import dev.packetpath.compare.work.ClusterWorkload;
import dev.packetpath.compare.work.NodeWorkload;
import dev.packetpath.compare.work.Workload;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.manifest.ClusterManifests;
import dev.packetpath.kubernetes.manifest.ClusterSettings;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.SnapshotReader;
import dev.packetpath.node.TextFile;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
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
   * What is asked of the cluster.
   *
   * @param modes the modes
   * @param keepalives requests of one connection
   * @param rate requests per second
   * @param calico whether Calico's rules are on the node too
   * @param release the release of kube-proxy of the modes that have one layout
   */
  record Question(
      List<ProxyMode> modes,
      List<Integer> keepalives,
      double rate,
      boolean calico,
      KubeVersion release) {}

  /**
   * A cluster, and what to ask of it.
   *
   * @param workload the cluster
   * @param configurations the configurations
   */
  record Answerable(Workload workload, ImmutableList<Configuration> configurations) {}

  /** Makes the configuration of a mode. */
  @FunctionalInterface
  private interface Form {
    Configuration of(ProxyMode mode, KubeVersion version, int keepalive);
  }

  /** Reads the cluster. */
  Answerable read(Question question) throws IOException {
    if (source.node.isPresent()) {
      NodeWorkload node = new NodeWorkload(SnapshotReader.read(source.node.get()));
      return new Answerable(
          node,
          configurations(
              question,
              (mode, version, keepalive) ->
                  node.configuration(mode, version, keepalive, question.rate())));
    }
    Cluster cluster = cluster(source.manifests.orElseThrow());
    ClusterWorkload own =
        new ClusterWorkload(cluster, nodeName.orElseGet(() -> cluster.nodes().get(0).name()));
    return new Answerable(
        own,
        configurations(
            question,
            (mode, version, keepalive) ->
                own.configuration(mode, version, question.calico(), keepalive, question.rate())));
  }

  private Cluster cluster(String file) throws IOException {
    ClusterManifests manifests = new ClusterManifests();
    try (Reader text =
        file.equals("-")
            ? new InputStreamReader(System.in, StandardCharsets.UTF_8)
            : TextFile.open(Path.of(file))) {
      manifests.read(file.equals("-") ? "<stdin>" : file, text);
    }
    ClusterSettings usual = ClusterSettings.usual();
    return manifests.cluster(
        new ClusterSettings(
            nodeName,
            ImmutableList.of(),
            clusterCidr.isEmpty() ? usual.podCidrs() : ImmutableList.copyOf(clusterCidr),
            usual.serviceCidrs()));
  }

  private static ImmutableList<Configuration> configurations(Question question, Form form) {
    ImmutableList.Builder<Configuration> all = ImmutableList.builder();
    for (int keepalive : question.keepalives()) {
      for (ProxyMode mode : question.modes()) {
        if (mode == ProxyMode.IPTABLES) {
          all.add(form.of(mode, Sweep.TWO_RULES_A_SERVICE, keepalive));
          all.add(form.of(mode, KubeVersion.CURRENT, keepalive));
        } else {
          all.add(form.of(mode, question.release(), keepalive));
        }
      }
    }
    return all.build();
  }
}
