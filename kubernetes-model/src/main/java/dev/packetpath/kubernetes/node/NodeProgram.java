package dev.packetpath.kubernetes.node;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.CharSource;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.SnapshotReader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** All that a node's kernel is told: the files of a node snapshot. */
public final class NodeProgram {
  private final ImmutableList<NodeFile> files;

  private NodeProgram(ImmutableList<NodeFile> files) {
    this.files = files;
  }

  /**
   * Returns the program of a node.
   *
   * @param nodeName which of the cluster's nodes
   * @throws IllegalArgumentException if the cluster has no such node
   */
  public static NodeProgram of(Cluster cluster, String nodeName, ProxyConfig config) {
    return of(cluster, nodeName, config, Optional.empty());
  }

  /**
   * Returns the program of a node that Calico connects.
   *
   * @param nodeName which of the cluster's nodes
   * @param policies the policies of every Pod for what comes in, in order
   * @throws IllegalArgumentException if the cluster has no such node
   */
  public static NodeProgram withCalico(
      Cluster cluster, String nodeName, ProxyConfig config, List<CalicoPolicy> policies) {
    return of(cluster, nodeName, config, Optional.of(ImmutableList.copyOf(policies)));
  }

  private static NodeProgram of(
      Cluster cluster,
      String nodeName,
      ProxyConfig config,
      Optional<ImmutableList<CalicoPolicy>> calico) {
    ClusterNode node =
        cluster
            .node(nodeName)
            .orElseThrow(() -> new IllegalArgumentException("the cluster has no node " + nodeName));
    return new NodeProgram(new ProgramFiles(cluster, node, config, calico).make());
  }

  /**
   * Returns the node with this program, for the models to run. Takes the space of all texts while
   * they are read.
   */
  public NodeSnapshot snapshot() {
    ImmutableMap.Builder<String, CharSource> texts = ImmutableMap.builder();
    try {
      for (NodeFile file : files) {
        StringWriter text = new StringWriter();
        file.content().writeTo(text);
        texts.put(file.name(), CharSource.wrap(text.toString()));
      }
      return SnapshotReader.read(texts.buildOrThrow());
    } catch (IOException e) {
      throw new UncheckedIOException("texts in memory", e);
    }
  }

  /** Returns the files. */
  public ImmutableList<NodeFile> files() {
    return files;
  }
}
