package dev.packetpath.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.manifest.ClusterManifests;
import dev.packetpath.kubernetes.manifest.ClusterSettings;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/** Clusters of three nodes n1, n2, n3, with a Service of each kind, from the folder flows. */
public final class FlowCluster {
  private FlowCluster() {}

  /** Returns the cluster of cluster.yaml, of IPv4. */
  public static Cluster read() throws IOException {
    return read("flows/cluster.yaml", ClusterSettings.usual());
  }

  /** Returns the cluster of dual.yaml, of both families. */
  public static Cluster dualStack() throws IOException {
    return read(
        "flows/dual.yaml",
        new ClusterSettings(
            Optional.empty(),
            ImmutableList.of(),
            ImmutableList.of(ClusterSettings.USUAL_POD_CIDR, IpPrefix.parse("fd00:10:244::/48")),
            ImmutableList.of(
                ClusterSettings.USUAL_SERVICE_CIDR, IpPrefix.parse("fd00:10:96::/112"))));
  }

  private static Cluster read(String name, ClusterSettings settings) throws IOException {
    ClusterManifests manifests = new ClusterManifests();
    try (Reader text =
        Resources.asCharSource(Resources.getResource(FlowCluster.class, name), UTF_8)
            .openStream()) {
      manifests.read(name, text);
    }
    return manifests.cluster(settings);
  }
}
