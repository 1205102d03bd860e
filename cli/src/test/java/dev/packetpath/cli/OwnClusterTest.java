package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.packetpath.node.ExampleNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code packetpath compare} of clusters that are not made up. */
final class OwnClusterTest {
  @TempDir private Path folder;
  private final StringWriter errors = new StringWriter();
  private final StringWriter output = new StringWriter();

  @Test
  void aNodeIsComparedAsItIsAndInOtherModes() throws IOException {
    Path node = folder.resolve("node");
    ExampleNode.writeTo(node);
    assertThat(run("--analytic", "--node", node.toString(), "--format", "json"))
        .as(errors.toString())
        .isZero();
    JsonNode rows = new ObjectMapper().readTree(output.toString()).get("rows");
    assertThat(rows).hasSize(10);
    assertThat(rows.findValuesAsText("mode")).contains("iptables", "ipvs", "nftables", "userspace");
    assertThat(rows.at("/1/rulesPerNewConnection/mean").asDouble()).isBetween(15.0, 40.0);
    int ports = rows.at("/0/services").asInt();
    assertThat(rows.findValues("services")).allMatch(count -> count.asInt() == ports);
  }

  @Test
  void aClusterOfOnesOwnIsReadFromManifests() throws IOException {
    Path file = manifests();

    assertThat(
            run(
                "--analytic",
                "--manifests",
                file.toString(),
                "--keepalive",
                "1",
                "--format",
                "json"))
        .as(errors.toString())
        .isZero();
    JsonNode rows = new ObjectMapper().readTree(output.toString()).get("rows");
    assertThat(rows).hasSize(5);
    assertThat(rows.at("/0/services").asInt()).isEqualTo(1);
    assertThat(rows.at("/0/endpoints").asInt()).isEqualTo(2);
    assertThat(rows.at("/0/rulesPerNewConnection/serviceChainMax").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--keepalive 0 | keepalive: 0, expected at least 1",
        "--keepalive 1,1 | keepalive: [1, 1], expected each once",
        "--modes ipvs,ipvs | modes: [IPVS, IPVS], expected each once",
        "--rate 0 | requests per second: 0.0, expected more than 0",
        "--modes userspace --cni calico | modes: userspace with Calico"
      })
  void clustersOfOnesOwnAreAskedNoOtherQuestions(String options, String message)
      throws IOException {
    Path node = folder.resolve("node");
    ExampleNode.writeTo(node);
    for (String own : List.of("--manifests " + manifests(), "--node " + node)) {
      errors.getBuffer().setLength(0);
      assertThat(run(("--analytic " + own + " " + options).split(" "))).as(own).isEqualTo(2);
      assertThat(errors.toString()).startsWith("packetpath: " + message);
    }
  }

  @Test
  void aNodeThatManifestsDoNotNameIsRefused() throws IOException {
    Path file = manifests();
    Files.writeString(
        file, Files.readString(file) + "---\napiVersion: v1\nkind: Node\nmetadata: {name: one}\n");
    assertThat(run("--analytic", "--manifests", file.toString(), "--node-name", "nope"))
        .isEqualTo(1);
    assertThat(errors)
        .hasToString(
            "packetpath: "
                + file
                + ": no node \"nope\", expected one of one"
                + System.lineSeparator());
    assertThat(run("--analytic", "--manifests", file.toString(), "--node-name", "one")).isZero();
  }

  @Test
  void aClusterWithoutEndpointsIsNamed() throws IOException {
    Path file =
        Files.writeString(folder.resolve("empty.yaml"), "apiVersion: v1\nkind: List\nitems: []\n");
    assertThat(run("--analytic", "--manifests", file.toString())).isEqualTo(1);
    assertThat(errors.toString())
        .startsWith("packetpath: " + file + ": the cluster has no Service with a TCP port");
  }

  @Test
  void optionsOfMadeUpClustersDoNotGoWithOnesOwn() {
    assertThat(run("--node", "x", "--services", "10")).isEqualTo(2);
    assertThat(run("--node-name", "x")).isEqualTo(2);
    assertThat(run("--node", "x", "--manifests", "y")).isEqualTo(2);
    assertThat(run("--node", "/does/not/exist")).isEqualTo(1);
    assertThat(errors.toString())
        .contains("--services and --endpoints are of made-up clusters")
        .contains("--node-name and --cluster-cidr go with --manifests")
        .contains("/does/not/exist: no such file or folder");
  }

  private Path manifests() throws IOException {
    return Files.writeString(
        folder.resolve("cluster.yaml"),
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec: {clusterIP: 10.96.0.10, ports: [{port: 80}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata:
          {name: web-1, namespace: default, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        endpoints: [{addresses: [10.244.2.2]}, {addresses: [10.244.2.3]}]
        ports: [{port: 8080}]
        """);
  }

  private int run(String... arguments) {
    return Main.commandLine()
        .setErr(new PrintWriter(errors, true))
        .setOut(new PrintWriter(output, true))
        .execute(Stream.concat(Stream.of("compare"), Stream.of(arguments)).toArray(String[]::new));
  }
}
