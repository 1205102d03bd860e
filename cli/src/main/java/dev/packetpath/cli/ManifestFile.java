package dev.packetpath.cli;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.manifest.ClusterManifests;
import dev.packetpath.kubernetes.manifest.ClusterSettings;
import dev.packetpath.node.TextFile;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What {@code --manifests} names.
 *
 * @param file a file, or {@code -} for standard input
 */
record ManifestFile(String file) {
  private static final String STANDARD_INPUT = "-";

  /** Returns what it is called in errors. */
  String title() {
    return file.equals(STANDARD_INPUT) ? "<stdin>" : file;
  }

  /**
   * Reads the cluster.
   *
   * @param nodeName the node that is asked about, if it is told
   * @param nodeIps its addresses; none: as the manifests say
   * @param podCidrs where Pods' addresses lie; none: where they usually do
   */
  Cluster read(Optional<String> nodeName, List<IpAddress> nodeIps, List<IpPrefix> podCidrs)
      throws IOException {
    ClusterManifests manifests = new ClusterManifests();
    try (Reader text =
        file.equals(STANDARD_INPUT)
            ? TextFile.of(title(), System.in)
            : TextFile.open(Path.of(file))) {
      manifests.read(title(), text);
    }
    ClusterSettings usual = ClusterSettings.usual();
    ClusterSettings settings =
        new ClusterSettings(
            nodeName,
            ImmutableList.copyOf(nodeIps),
            podCidrs.isEmpty() ? usual.podCidrs() : ImmutableList.copyOf(podCidrs),
            usual.serviceCidrs());
    return naming(title(), () -> manifests.cluster(settings));
  }

  /** Returns what is made from a file, and puts its name before what is wrong with it. */
  static <T> T naming(String title, Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(title + ": " + e.getMessage(), e);
    }
  }
}
