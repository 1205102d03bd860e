package dev.packetpath.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import dev.packetpath.kubernetes.sync.Sync;
import dev.packetpath.kubernetes.sync.SyncOperation;
import dev.packetpath.kubernetes.sync.SyncText;
import dev.packetpath.kubernetes.sync.TextSize;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What {@code program} prints.
 *
 * @param cluster the cluster
 * @param node the name of the node
 * @param config the settings of its kube-proxy
 * @param files the names of the files that were written
 * @param services the rules that connections to Services meet
 * @param calico the rules of Calico that connections to Pods meet
 * @param syncs what is sent to the kernel, by occasion; empty if nobody asked
 */
record ProgramReport(
    Cluster cluster,
    String node,
    ProxyConfig config,
    ImmutableList<String> files,
    RulesTraversed services,
    RulesTraversed calico,
    ImmutableMap<String, Sync> syncs) {
  private static final int LEAST_WIDTH = 8;

  String text(String folder) {
    StringBuilder out = new StringBuilder();
    out.append(node)
        .append(": kube-proxy of Kubernetes ")
        .append(config.version())
        .append(", ")
        .append(mode())
        .append(" mode; ")
        .append(counted(cluster.services().size(), "Service"))
        .append(", ")
        .append(counted(endpoints(), "endpoint"))
        .append(", ")
        .append(counted(cluster.nodes().size(), "node"))
        .append('\n');
    out.append("written to ").append(folder).append(": ");
    out.append(String.join(", ", files)).append('\n');
    if (services.ports() > 0) {
      out.append("rules of kube-proxy that a new connection from a Pod to a Service meets: ");
      out.append(spread(services));
      out.append(config.mode() == ProxyMode.USERSPACE ? "; ports: " : "; ports with endpoints: ");
      out.append(services.ports()).append('\n');
    }
    if (calico.ports() > 0) {
      out.append("rules of Calico that a new connection from another node to a Pod meets: ");
      out.append(spread(calico)).append("; addresses of Pods: ").append(calico.ports());
      out.append('\n');
    }
    if (!syncs.isEmpty()) {
      syncs(out);
    }
    return out.toString();
  }

  private static String counted(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private String mode() {
    return config.mode().name().toLowerCase(Locale.ROOT);
  }

  private long endpoints() {
    return cluster.services().stream()
        .flatMap(service -> service.ports().stream())
        .mapToLong(port -> port.endpoints().size())
        .sum();
  }

  private static String spread(RulesTraversed rules) {
    return String.format(
        Locale.ROOT, "least %d, mean %.1f, most %d", rules.least(), rules.mean(), rules.most());
  }

  private void syncs(StringBuilder out) {
    Map<String, List<Long>> rows = new LinkedHashMap<>();
    int column = 0;
    for (Sync sync : syncs.values()) {
      for (SyncText text : sync.texts()) {
        TextSize size = text.size();
        add(rows, text.tool() + ": lines", column, size.lines());
        add(rows, text.tool() + ": bytes", column, size.bytes());
      }
      column++;
    }
    for (SyncOperation operation : SyncOperation.values()) {
      column = 0;
      for (Sync sync : syncs.values()) {
        add(rows, operation.toString(), column++, sync.count(operation));
      }
    }
    rows.values().removeIf(counts -> counts.stream().allMatch(count -> count == 0));
    out.append("what kube-proxy sends to the kernel:\n");
    List<List<String>> table = new ArrayList<>();
    table.add(heads(name -> name.substring(0, Math.max(0, name.lastIndexOf(' ')))));
    table.add(heads(name -> name.substring(name.lastIndexOf(' ') + 1)));
    rows.forEach(
        (name, counts) -> {
          List<String> cells = new ArrayList<>(List.of(name));
          counts.forEach(count -> cells.add(count == 0 ? "-" : Long.toString(count)));
          table.add(cells);
        });
    table.forEach(cells -> print(cells, table, out));
  }

  /** Returns a line of the columns' heads, of which each stands in two. */
  private List<String> heads(UnaryOperator<String> part) {
    List<String> heads = new ArrayList<>(List.of(""));
    syncs.keySet().forEach(name -> heads.add(part.apply(name)));
    return heads;
  }

  private static void print(List<String> cells, List<List<String>> table, StringBuilder out) {
    for (int i = 0; i < cells.size(); i++) {
      int column = i;
      int width = table.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
      out.append("  ");
      out.append(
          i == 0
              ? Strings.padEnd(cells.get(i), width, ' ')
              : Strings.padStart(cells.get(i), Math.max(LEAST_WIDTH, width), ' '));
    }
    out.append('\n');
  }

  private void add(Map<String, List<Long>> rows, String name, int column, long count) {
    List<Long> counts =
        rows.computeIfAbsent(name, key -> new ArrayList<>(Collections.nCopies(syncs.size(), 0L)));
    counts.set(column, counts.get(column) + count);
  }

  String json(String folder) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("node", node);
    root.put("mode", mode());
    root.put("kubeVersion", config.version().toString());
    root.put("services", cluster.services().size());
    root.put("endpoints", endpoints());
    root.put("nodes", cluster.nodes().size());
    root.put("folder", folder);
    ArrayNode written = root.putArray("files");
    files.forEach(written::add);
    spread(root.putObject("rulesTraversed"), services);
    spread(root.putObject("calicoRulesTraversed"), calico);
    ObjectNode sent = root.putObject("sync");
    syncs.forEach((name, sync) -> sync(sent.putObject(name), sync));
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void spread(ObjectNode node, RulesTraversed rules) {
    node.put("ports", rules.ports());
    node.put("least", rules.least());
    node.put("mean", rules.mean());
    node.put("most", rules.most());
  }

  private static void sync(ObjectNode node, Sync sync) {
    ArrayNode texts = node.putArray("texts");
    for (SyncText text : sync.texts()) {
      TextSize size = text.size();
      texts
          .addObject()
          .put("tool", text.tool())
          .put("lines", size.lines())
          .put("bytes", size.bytes());
    }
    ObjectNode operations = node.putObject("operations");
    sync.operations().forEach((operation, count) -> operations.put(operation.name(), count));
  }
}
