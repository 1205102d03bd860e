package dev.packetpath.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.packetpath.kubernetes.node.NodeFile;
import dev.packetpath.kubernetes.node.NodeProgram;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A node with a program among real clients and servers, in the kernel of this machine. */
final class ClusterLab {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PROGRAM = Path.of("kernel", "cluster.py");

  private ClusterLab() {}

  /** A client that asks once. */
  record Call(String protocol, String source, int sourcePort, String destination, int port) {}

  /** Somebody who answers. */
  record Server(String protocol, String address, int port) {}

  /**
   * Makes the calls one after the other and returns what cluster.py tells.
   *
   * @param settings sysctls beside those of the program
   * @throws IOException with what it said, if it failed
   */
  static JsonNode run(
      NodeProgram program, Map<String, String> settings, List<Server> servers, List<Call> calls)
      throws IOException {
    Process process =
        new ProcessBuilder("python3", "-B", PROGRAM.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var in = process.getOutputStream()) {
      in.write(JSON.writeValueAsBytes(request(program, settings, servers, calls)));
    }
    JsonNode answer = JSON.readTree(process.getInputStream());
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("cluster.py failed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return answer;
  }

  private static ObjectNode request(
      NodeProgram program, Map<String, String> settings, List<Server> servers, List<Call> calls)
      throws IOException {
    Map<String, String> files =
        program.files().stream().collect(Collectors.toMap(NodeFile::name, ClusterLab::text));
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    ArrayNode addresses = request.putArray("addresses");
    for (JsonNode link : JSON.readTree(files.get("addresses.json"))) {
      for (JsonNode address : link.path("addr_info")) {
        addresses
            .addArray()
            .add(link.path("ifname").asText())
            .add(address.path("local").asText() + "/" + address.path("prefixlen").asText());
      }
    }
    ArrayNode routes = request.putArray("routes");
    for (JsonNode route : JSON.readTree(files.get("routes.json"))) {
      routes
          .addArray()
          .add(route.path("dst").asText())
          .add(route.path("dev").asText())
          .add(route.path("gateway").asText());
    }
    ObjectNode sysctls = request.putObject("sysctls");
    for (String line : files.get("sysctl.txt").split("\n")) {
      String[] setting = line.split(" = ");
      if (setting[0].startsWith("net.ipv4.conf.") || setting[0].equals("net.ipv4.ip_forward")) {
        sysctls.put(setting[0], setting[1]);
      }
    }
    settings.forEach(sysctls::put);
    request.put("rules", files.getOrDefault("iptables-save.txt", ""));
    request.put("sets", files.getOrDefault("ipset-save.txt", ""));
    request.put("nft", files.getOrDefault("nft-ruleset.nft", ""));
    add(
        request.putArray("servers"),
        servers,
        server -> List.of(server.protocol(), server.address(), server.port()));
    add(
        request.putArray("calls"),
        calls,
        call ->
            List.of(
                call.protocol(),
                call.source(),
                call.sourcePort(),
                call.destination(),
                call.port()));
    return request;
  }

  private static <T> void add(ArrayNode to, List<T> parts, Function<T, List<Object>> fields) {
    parts.forEach(part -> to.add(JSON.valueToTree(fields.apply(part))));
  }

  private static String text(NodeFile file) {
    StringWriter text = new StringWriter();
    try {
      file.content().writeTo(text);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }
}
