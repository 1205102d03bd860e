package dev.packetpath.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.iptables.syntax.ReadMode;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small Kubernetes node that comes with Packetpath, so that there is something to look at. Its
 * kube-proxy runs in iptables mode; its Services:
 *
 * <ul>
 *   <li>{@code default/web:http} 10.96.0.20:80, node port 30080, three endpoints on two nodes;
 *   <li>{@code default/shop:https} 10.96.0.40:443, node port 30443, two endpoints, traffic from
 *       outside stays on the node, and clients stay with their endpoint;
 *   <li>{@code default/queue:amqp} 10.96.0.30:5672 without endpoints;
 *   <li>{@code kube-system/kube-dns} 10.96.0.10:53, {@code default/kubernetes} 10.96.0.1:443.
 * </ul>
 *
 * <p>The node has 192.168.0.2 on eth0 and its Pods, 10.244.1.0/24, behind cni0; 10.244.2.0/24 is
 * another node's.
 */
public final class ExampleNode {
  private static final ImmutableList<String> FILES =
      ImmutableList.of("iptables-save.txt", "addresses.json", "routes.json", "sysctl.txt");

  private static final ImmutableList<String> TOUR =
      ImmutableList.of(
          "in=cni0 tcp 10.244.1.7:40000 > 10.96.0.20:80 syn",
          "reply",
          "again",
          "in=eth0 tcp 203.0.113.9:50000 > 192.168.0.2:30080 syn",
          "in=cni0 tcp 10.244.1.7:40001 > 10.96.0.30:5672 syn");

  private ExampleNode() {}

  private static SnapshotFiles files() {
    return SnapshotFiles.beside(ExampleNode.class, "example");
  }

  /** Returns what is known of the node. */
  public static NodeSnapshot snapshot() {
    try {
      return SnapshotReader.read(files(), ReadMode.STRICT, note -> {});
    } catch (IOException e) {
      throw new UncheckedIOException("the example node is part of the library", e);
    }
  }

  /**
   * Returns packets that show what the node does: from a Pod to a Service, its reply and the next
   * packet, from outside to a node port, and from a Pod to a Service without endpoints.
   */
  public static ImmutableList<String> tour() {
    return TOUR;
  }

  /**
   * Writes the node's files into a folder, which is made if absent.
   *
   * @return the names of the files
   * @throws IOException if a file cannot be written
   */
  public static ImmutableList<String> writeTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String name : FILES) {
      try (Reader text = files().open(name);
          Writer out = Files.newBufferedWriter(folder.resolve(name), StandardCharsets.UTF_8)) {
        text.transferTo(out);
      }
    }
    return FILES;
  }
}
