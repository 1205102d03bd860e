package dev.packetpath.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import dev.packetpath.kubernetes.manifest.ClusterManifests;
import dev.packetpath.kubernetes.manifest.ClusterSettings;
import java.io.IOException;
import java.io.Reader;

/** The cluster of flow-cluster.yaml: three nodes n1, n2, n3, and a Service of each kind. */
public final class FlowCluster {
  private static final String NAME = "flow-cluster.yaml";

  private FlowCluster() {}

  /** Returns the cluster. */
  public static Cluster read() throws IOException {
    ClusterManifests manifests = new ClusterManifests();
    try (Reader text =
        Resources.asCharSource(Resources.getResource(FlowCluster.class, NAME), UTF_8)
            .openStream()) {
      manifests.read(NAME, text);
    }
    return manifests.cluster(ClusterSettings.usual());
  }
}
