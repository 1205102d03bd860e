package dev.packetpath.kubernetes.node;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.CharSource;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.SnapshotReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** All that a node's kernel is told: the files of a node snapshot. */
public final class NodeProgram {
  private final ProgramFiles program;
  private final ImmutableList<NodeFile> files;

  private NodeProgram(ProgramFiles program) {
    this.program = program;
    this.files = program.make();
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
   * @param policies the policies, in order
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
    return new NodeProgram(new ProgramFiles(cluster, cluster.node(nodeName), config, calico));
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

  /**
   * Returns a file's text, which is made whenever it is read: all of it is held then.
   *
   * @param name such as {@code iptables-save.txt}
   * @throws IllegalArgumentException if the program has no such file
   */
  public CharSource text(String name) {
    NodeFile file =
        files.stream()
            .filter(candidate -> candidate.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("the program has no file " + name));
    return new CharSource() {
      @Override
      public Reader openStream() throws IOException {
        return new StringReader(read());
      }

      @Override
      public String read() throws IOException {
        StringWriter text = new StringWriter();
        file.content().writeTo(text);
        return text.toString();
      }
    };
  }

  /**
   * Returns how many rules of kube-proxy the first packet of a connection meets that a Pod of the
   * node opens to the cluster address of a Service with endpoints: over all tables, a jump is a
   * rule too. Exact, by the places of rules; no packet is sent through all of them. Takes time
   * linear in the Services.
   */
  public RulesTraversed rulesTraversed() {
    return program.rulesTraversed();
  }

  /**
   * Returns how many rules of Calico the first packet meets of a connection that a Pod of another
   * node opens to a Pod of this one and that passes: over all tables, one connection for each
   * address of each Pod. None without Calico, or where nothing passes.
   */
  public RulesTraversed calicoRulesTraversed() {
    return program.calicoRulesTraversed();
  }
}
