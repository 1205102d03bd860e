package dev.packetpath.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.manifest.ClusterManifests;
import dev.packetpath.kubernetes.manifest.ClusterSettings;
import dev.packetpath.kubernetes.node.NodeFile;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.DetectLocal;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real tools accept what is programmed for a Service of each kind, in every mode and both
 * families, and print the same rules, sets and tables afterwards.
 */
final class ProgramAcceptanceTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path MANIFESTS =
      Path.of("..", "kubernetes-model", "src", "test", "resources")
          .resolve("dev/packetpath/kubernetes/flows/dual.yaml");

  private static final String SCRIPT =
      """
      set -e
      if [ -s ipset-save.txt ]; then ipset restore -file ipset-save.txt; ipset save > sets; fi
      for tool in iptables ip6tables; do
        if [ -s $tool-save.txt ]; then
          $tool-legacy-restore < $tool-save.txt
          $tool-legacy-save > $tool-legacy
          $tool-legacy-restore < /dev/null
        fi
      done
      """;

  private static final String NFT_BACKEND =
      """
      set -e
      if [ -s ipset-save.txt ]; then ipset restore -file ipset-save.txt; fi
      for tool in iptables ip6tables; do
        if [ -s $tool-save.txt ]; then
          $tool-nft-restore < $tool-save.txt
          $tool-nft-save > $tool-nft
        fi
      done
      if [ -s nft-ruleset.nft ]; then nft -f nft-ruleset.nft; nft -j list ruleset > nft; fi
      """;

  /** A program to accept. */
  private record Given(String name, Cluster cluster, ProxyConfig config, boolean calico) {
    private NodeProgram program() {
      return calico
          ? NodeProgram.withCalico(cluster, "n1", config, CalicoPolicy.usual())
          : NodeProgram.of(cluster, "n1", config);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @TempDir private Path folder;

  @BeforeEach
  void checkTheMachine() {
    LabAvailability availability = LabAvailability.check();
    assumeTrue(availability.isAvailable(), availability.reason());
  }

  private static Stream<Given> programs() throws IOException {
    Cluster cluster = cluster();
    Stream.Builder<Given> programs = Stream.builder();
    for (int minor : List.of(14, 18, 20, 21, 24, 26, 34)) {
      programs.add(given(cluster, mode(ProxyMode.IPTABLES, minor), false));
    }
    for (int minor : List.of(18, 22, 34)) {
      programs.add(given(cluster, mode(ProxyMode.IPVS, minor), false));
    }
    programs.add(given(cluster, mode(ProxyMode.NFTABLES, 29), false));
    programs.add(given(cluster, mode(ProxyMode.NFTABLES, 34), false));
    programs.add(given(cluster, mode(ProxyMode.USERSPACE, 20), false));
    programs.add(given(cluster, mode(ProxyMode.IPTABLES, 34), true));
    programs.add(given(cluster, mode(ProxyMode.IPVS, 34), true));
    for (ProxyMode mode : List.of(ProxyMode.IPTABLES, ProxyMode.IPVS, ProxyMode.NFTABLES)) {
      programs.add(
          given(
              cluster,
              mode(mode, 34)
                  .detectLocal(DetectLocal.INTERFACE_PREFIX)
                  .nodePortAddresses(
                      List.of(IpPrefix.parse("192.168.0.0/16"), IpPrefix.parse("fd00::/8"))),
              false));
    }
    return programs.build();
  }

  private static ProxyConfig.Builder mode(ProxyMode mode, int minor) {
    return ProxyConfig.builder().mode(mode).version(new KubeVersion(minor));
  }

  private static Given given(Cluster cluster, ProxyConfig.Builder settings, boolean calico) {
    ProxyConfig config = settings.build();
    String name =
        "%s %s%s detect %s"
            .formatted(
                config.mode(), config.version(), calico ? " calico" : "", config.detectLocal());
    return new Given(name, cluster, config, calico);
  }

  private static Cluster cluster() throws IOException {
    ClusterManifests manifests = new ClusterManifests();
    try (Reader text = Files.newBufferedReader(MANIFESTS)) {
      manifests.read("dual.yaml", text);
    }
    return manifests.cluster(
        new ClusterSettings(
            Optional.empty(),
            ImmutableList.of(),
            ImmutableList.of(ClusterSettings.USUAL_POD_CIDR, IpPrefix.parse("fd00:10:244::/48")),
            ImmutableList.of(
                ClusterSettings.USUAL_SERVICE_CIDR, IpPrefix.parse("fd00:10:96::/112"))));
  }

  @ParameterizedTest
  @MethodSource("programs")
  void theToolsAcceptAProgramAndPrintItAgain(Given given) throws IOException {
    Map<String, String> files = new HashMap<>();
    for (NodeFile file : given.program().files()) {
      StringWriter text = new StringWriter();
      file.content().writeTo(text);
      String forKernel = withoutIpvsMatches(text.toString());
      files.put(file.name(), forKernel);
      Files.writeString(folder.resolve(file.name()), forKernel);
    }
    run(SCRIPT);
    run(NFT_BACKEND);
    for (String tool : List.of("iptables", "ip6tables")) {
      String ours = files.getOrDefault(tool + "-save.txt", "");
      if (!ours.isEmpty()) {
        Map<String, List<String>> tables = SavedText.counted(ours).tables();
        assertThat(SavedText.counted(read(tool + "-legacy")).tables()).isEqualTo(tables);
        assertThat(sorted(SavedText.counted(read(tool + "-nft")).tables()))
            .isEqualTo(sorted(tables));
      }
    }
    if (files.containsKey("ipset-save.txt")) {
      assertThat(sets(read("sets"))).isEqualTo(sets(files.get("ipset-save.txt")));
    }
    if (files.containsKey("nft-ruleset.json")) {
      assertThat(tables(read("nft"))).isEqualTo(tables(files.get("nft-ruleset.json")));
    }
  }

  /** This kernel has no IPVS: what asks for it is left out, the rules of one chain. */
  private static String withoutIpvsMatches(String text) {
    List<String> left = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (line.contains(" -m ipvs ")) {
        assertThat(line).startsWith("-A KUBE-IPVS-OUT-FILTER -s ").endsWith(" -j DROP");
      } else {
        left.add(line);
      }
    }
    return String.join("\n", left);
  }

  private String read(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  private void run(String script) throws IOException {
    ProcessBuilder tools =
        new ProcessBuilder("unshare", "-n", "sh", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    tools.environment().put("XTABLES_LOCKFILE", folder.resolve("lock").toString());
    Process process = tools.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    try {
      assertThat(process.waitFor()).as(said).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The chains that a user made come in another order from iptables-nft-save. */
  private static Map<String, List<String>> sorted(Map<String, List<String>> tables) {
    Map<String, List<String>> sorted = new TreeMap<>();
    tables.forEach(
        (table, lines) -> {
          List<String> chains = new ArrayList<>(lines);
          chains.sort(Comparator.comparing(ProgramAcceptanceTest::chain));
          sorted.put(table, chains);
        });
    return sorted;
  }

  private static String chain(String line) {
    String[] words = line.split(" ");
    return line.startsWith("-A") ? "rules of " + words[1] : line;
  }

  /** Returns the lines of sets without the kernel's seeds and in one order. */
  private static List<String> sets(String text) {
    return text.lines()
        .map(line -> line.replaceAll(" (bucketsize|initval|hashsize) \\S+", ""))
        .map(String::strip)
        .sorted()
        .toList();
  }

  /** Returns the objects of nft's tables without what differs from load to load. */
  private static List<String> tables(String json) throws IOException {
    List<String> objects = new ArrayList<>();
    for (JsonNode object : JSON.readTree(json).path("nftables")) {
      if (!object.has("metainfo")) {
        object.elements().forEachRemaining(fields -> ((ObjectNode) fields).remove("handle"));
        objects.add(sortedSets(object).toString());
      }
    }
    objects.sort(Comparator.comparing(ProgramAcceptanceTest::placeOf));
    return objects;
  }

  /** Rules keep their order in their chain; the rest comes in any order. */
  private static String placeOf(String object) {
    return object.startsWith("{\"rule\"")
        ? object.replaceAll("^(.*\"chain\":\"[^\"]*\").*", "$1")
        : object;
  }

  private static JsonNode sortedSets(JsonNode node) {
    if (node instanceof ObjectNode object) {
      ObjectNode sorted = JSON.createObjectNode();
      object
          .properties()
          .forEach(
              field -> {
                JsonNode value = sortedSets(field.getValue());
                boolean isSet = field.getKey().equals("elem") || field.getKey().equals("set");
                sorted.set(field.getKey(), isSet && value.isArray() ? inOrder(value) : value);
              });
      return sorted;
    }
    if (node.isArray()) {
      ArrayNode copy = JSON.createArrayNode();
      node.forEach(part -> copy.add(sortedSets(part)));
      return copy;
    }
    return node;
  }

  private static JsonNode inOrder(JsonNode array) {
    ArrayNode sorted = JSON.createArrayNode();
    StreamSupport.stream(array.spliterator(), false)
        .sorted(Comparator.comparing(JsonNode::toString))
        .forEach(sorted::add);
    return sorted;
  }
}
