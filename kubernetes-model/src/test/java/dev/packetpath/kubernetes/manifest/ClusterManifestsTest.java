package dev.packetpath.kubernetes.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.FlowCluster;
import dev.packetpath.kubernetes.Service;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What manifests say, in whatever form, and what is said of those that are wrong. */
final class ClusterManifestsTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private static Cluster read(String text) throws IOException {
    ClusterManifests manifests = new ClusterManifests();
    manifests.read("cluster.yaml", new StringReader(text));
    return manifests.cluster(ClusterSettings.usual());
  }

  private static String resource(String name) throws IOException {
    return Resources.toString(Resources.getResource(ClusterManifestsTest.class, name), UTF_8);
  }

  @TestFactory
  Stream<DynamicTest> aBadManifestIsNamedWithItsDocumentAndPath() throws IOException {
    String good = resource("good.yaml");
    assertThat(read(good).services()).hasSize(1);
    return resource("bad-manifests.txt")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> DynamicTest.dynamicTest(line, () -> refused(good, line)));
  }

  private static void refused(String good, String line) {
    List<String> parts = Splitter.on(" | ").splitToList(line);
    String bad = good.replace(parts.get(0), parts.get(1).replace('~', '\n'));
    assertThat(bad).isNotEqualTo(good);
    assertThatThrownBy(() -> read(bad))
        .isInstanceOf(SyntaxException.class)
        .hasMessageStartingWith("cluster.yaml:")
        .hasMessageContaining(parts.get(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | found an empty text, expected manifests as YAML or JSON",
        "'{' | cluster.yaml:1:",
        "'kind: [' | cluster.yaml:1:",
        "'- kind: Service' | document 1: [, expected an object",
        "'kind: List~items: {a: 1}' | 1:1: found {\"a\":1} at items (document 1), expected a list",
        "'kind: List' | found nothing at items (document 1), expected a list",
        "'kind: ServiceList~items: 7' | found 7 at items (document 1), expected a list",
        "'kind: Service~kind: Node' | 2:1: found document 1: \"kind\" again, expected each field once",
        "'kind: Node~spec: {a: 1, a: 2}' | cluster.yaml:2:",
        "'~~~kind: [' | cluster.yaml:4:",
        "'~~kind: Service' | cluster.yaml:3:1:",
        "'kind: List~items: [1]' | document 1, items[0]: 1, expected an object",
        "'items: [{metadata: {name: x}}]' | document 1, items[0]), expected such as Service",
      })
  void aTextThatIsNoManifestHasAPlace(String text, String message) {
    assertThatThrownBy(() -> read(text.replace('~', '\n')))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatOneServiceHasNoOtherMayHave() throws IOException {
    String good = resource("good.yaml");
    String service = good.substring(0, good.indexOf("---"));
    assertThatThrownBy(() -> read(good + "---\n" + service))
        .hasMessageContaining(
            "\"web\" at metadata.name of Service shop/web (document 6), expected a name that no"
                + " earlier Service has");
    assertThatThrownBy(() -> read(good + "---\n" + service.replace("name: web", "name: web2")))
        .hasMessageContaining(
            "10.96.0.7 at spec.clusterIPs[0] of Service shop/web2 (document 6), expected a cluster"
                + " address other than that of Service shop/web");
    String nodePort =
        service.replace("ports: [{port: 80}]", "ports: [{port: 80, nodePort: 30080}]")
            + "  type: NodePort\n";
    String other = nodePort.replace("name: web", "name: web2").replace("10.96.0.7", "10.96.0.8");
    assertThatThrownBy(() -> read(nodePort + "---\n" + other))
        .hasMessageContaining(
            "30080/tcp at spec.ports[0].nodePort of Service shop/web2 (document 2), expected a node"
                + " port other than that of Service shop/web");
    assertThat(
            read(nodePort + "---\n" + other.replace("port: 80,", "port: 80, protocol: UDP,"))
                .services())
        .as("the same number of another protocol is another port")
        .hasSize(2);
  }

  @Test
  void aTextMayBeIndented() throws IOException {
    String good = resource("good.yaml");
    String service = good.substring(0, good.indexOf("---"));
    assertThat(read("\n" + service.indent(2)).services()).hasSize(1);
  }

  @Test
  void aNameThatIsNoLabelIsRefusedInOneLine() throws IOException {
    String good = resource("good.yaml");
    for (String name : List.of("Web", "a_b", "a b", "-a", "a-", "a.b", "a".repeat(64), "a\nb")) {
      String bad =
          good.replaceFirst(
              "name: web,",
              Matcher.quoteReplacement("name: \"" + name.replace("\n", "\\n") + "\","));
      assertThatThrownBy(() -> read(bad))
          .hasMessageContaining("at metadata.name of Service")
          .hasMessageContaining("expected 1 to 63 lower-case letters, digits and -")
          .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
          .doesNotContain("\n");
    }
    assertThat(read(good.replaceFirst("name: web,", "name: " + "a".repeat(63) + ",")).services())
        .hasSize(1);
  }

  @Test
  void documentsListsAndJsonSayTheSame() throws IOException {
    Cluster documents = FlowCluster.read();
    String text =
        Resources.toString(Resources.getResource(FlowCluster.class, "flows/cluster.yaml"), UTF_8);
    ObjectNode list = YAML.createObjectNode().put("apiVersion", "v1");
    for (JsonNode document : YAML.readerFor(JsonNode.class).<JsonNode>readValues(text).readAll()) {
      if (document.has("items")) {
        document.get("items").forEach(list.withArray("items")::add);
      } else if (document.isObject()) {
        list.withArray("items").add(document);
      }
    }
    list.put("kind", "List");
    assertThat(read(new ObjectMapper().writeValueAsString(list))).isEqualTo(documents);
    assertThat(read(YAML.writeValueAsString(list))).isEqualTo(documents);
  }

  @Test
  void objectsOfTypedListsNeedNoKind() throws IOException {
    Cluster cluster =
        read(
            "{\"kind\":\"ServiceList\",\"apiVersion\":\"v1\",\"items\":[{\"metadata\":{\"name\":\"a\"},"
                + "\"spec\":{\"clusterIP\":\"10.96.0.1\",\"ports\":[{\"port\":80}]}}]}");
    assertThat(cluster.services()).extracting(Service::qualifiedName).containsExactly("default/a");
  }

  @Test
  void objectsOfOtherGroupsAreOthers() throws IOException {
    assertThat(
            read("apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: a}\n")
                .services())
        .isEmpty();
    assertThat(
            read("apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: {name: a}\n")
                .policies())
        .isEmpty();
  }

  @Test
  void unknownFieldsAreFine() throws IOException {
    String good = resource("good.yaml");
    assertThat(read(good.replace("spec:\n", "spec:\n  colour: red\n"))).isEqualTo(read(good));
  }

  @Test
  void servicesThatKubeProxySkipsAreSkipped() throws IOException {
    String skipped =
        """
        kind: Service
        metadata: {name: headless}
        spec: {clusterIP: None, ports: [{port: 80}]}
        ---
        kind: Service
        metadata: {name: elsewhere}
        spec: {type: ExternalName, externalName: example.org}
        ---
        kind: Service
        metadata: {name: mesh, labels: {service.kubernetes.io/service-proxy-name: mesh}}
        spec: {clusterIP: 10.96.0.9, ports: [{port: 80}]}
        """;
    assertThat(read(skipped).services()).isEmpty();
  }

  @Test
  void portsOfSlicesWithoutANumberAreLeftOut() throws IOException {
    Cluster cluster = read(resource("good.yaml").replace("ports: [{port: 8080}]", "ports: [{}]"));
    assertThat(cluster.services().get(0).ports().get(0).endpoints()).isEmpty();
  }
}
