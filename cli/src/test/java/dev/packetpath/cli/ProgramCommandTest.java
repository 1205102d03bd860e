package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class ProgramCommandTest {
  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop}
      spec:
        clusterIP: 10.96.0.7
        ports: [{port: 80}]
      """;

  @TempDir private Path folder;
  private final StringWriter errors = new StringWriter();
  private final StringWriter output = new StringWriter();

  @Test
  void whatItWritesIsANodeThatTraceReads() {
    Path node = folder.resolve("node");
    assertThat(run("program", "--synthetic", "services=5,endpoints=3", "--out", node.toString()))
        .as(errors.toString())
        .isZero();
    assertThat(node)
        .isDirectoryContaining("glob:**/iptables-save.txt")
        .isDirectoryContaining("glob:**/addresses.json")
        .isDirectoryContaining("glob:**/routes.json")
        .isDirectoryContaining("glob:**/sysctl.txt");
    String packet = "in=cni0 tcp 10.244.0.9:40000 > 10.96.0.5:80 syn";
    assertThat(run("trace", "--node", node.toString(), packet)).as(errors.toString()).isZero();
    assertThat(output.toString()).contains("default/svc-4:http cluster IP").contains(":8080 syn");
  }

  /** As many rules as the command says that new connections meet. */
  @Test
  void traceCountsTheRulesOfNftablesThatItDoesNotShow() {
    String node = folder.resolve("node").toString();
    String[] program = {
      "program", "--mode", "nftables", "--synthetic", "services=5,endpoints=3", "--out", node
    };
    assertThat(run(program)).as(errors.toString()).isZero();
    assertThat(output.toString()).contains("meets: least 15, mean 15.0, most 15;");
    String packet = "in=cni0 tcp 10.244.0.9:40000 > 10.96.0.5:80 syn";
    assertThat(run("trace", "--node", node, packet)).as(errors.toString()).isZero();
    assertThat(output.toString())
        .contains("15 rules evaluated: nftables 15 (not shown)")
        .containsPattern("  rules evaluated +15 +\\d+\n    nftables +15 +\\d+\n");
  }

  @Test
  void anUnknownNodeIsAnsweredWithTheKnownOnes() {
    String[] program = {
      "program",
      "--synthetic",
      "services=50,endpoints=10",
      "--node-name",
      "nope",
      "--out",
      folder + "/n"
    };
    assertThat(run(program)).isEqualTo(1);
    assertThat(errors.toString())
        .contains(
            "the cluster has no node nope; its 17 nodes: node-1, node-2, node-3, node-4, node-5, …");
  }

  @Test
  void manifestsWithoutServicesAreToldOf() throws IOException {
    assertThat(program("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"))
        .as(errors.toString())
        .isZero();
    assertThat(errors.toString()).endsWith(" has no Service with a cluster address\n");
  }

  /** In userspace mode the process listens for Services without endpoints too. */
  @Test
  void itSaysWhichPortsItCounted() throws IOException {
    assertThat(program(SERVICE, "--mode", "userspace")).as(errors.toString()).isZero();
    assertThat(output.toString()).contains("; ports: 1\n");
    assertThat(run("program", "--synthetic", "services=5,endpoints=3", "--out", folder + "/made"))
        .as(errors.toString())
        .isZero();
    assertThat(output.toString()).contains("; ports with endpoints: 5\n");
  }

  @Test
  void manifestsSayWhatItPrograms() throws IOException {
    assertThat(program(SERVICE)).as(errors.toString()).isZero();
    assertThat(folder.resolve("out/iptables-save.txt"))
        .content()
        .contains(
            "-A KUBE-SERVICES -d 10.96.0.7/32 -p tcp -m comment --comment"
                + " \"shop/web has no endpoints\" -m tcp --dport 80 -j REJECT");
  }

  @Test
  void itTellsHowManyRulesConnectionsMeet() {
    assertThat(
            run(
                "program",
                "--kube-version",
                "1.20",
                "--synthetic",
                "services=20,endpoints=10",
                "--cni",
                "calico",
                "--out",
                folder.toString()))
        .as(errors.toString())
        .isZero();
    assertThat(output.toString())
        .contains(
            "node-1: kube-proxy of Kubernetes 1.20, iptables mode; 20 Services, 200 endpoints")
        .contains("to a Service meets: least 14, mean 37.5, most 61; ports with endpoints: 20")
        .containsPattern("rules of Calico .* least 4\\d, mean 5\\d\\.\\d, most [56]\\d");
  }

  @Test
  void itTellsWhatIsSent() throws IOException {
    assertThat(
            run(
                "program",
                "--synthetic",
                "services=20,endpoints=2",
                "--sync",
                "--format",
                "json",
                "--out",
                folder.toString()))
        .as(errors.toString())
        .isZero();
    JsonNode sync = new ObjectMapper().readTree(output.toString()).get("sync");
    assertThat(sync.fieldNames())
        .toIterable()
        .containsExactly(
            "start",
            "3600 s later",
            "endpoint comes",
            "endpoint goes",
            "Service comes",
            "Service goes");
    // 5 + 20 (2 + 3 * 2) of nat and 4 of filter
    assertThat(sync.at("/start/operations/RULE").asInt()).isEqualTo(169);
    // of nat the frame and a rule for each Service; 1 + 2 + 2 * 2 of the Service; 4 of filter
    assertThat(sync.at("/endpoint comes/operations/RULE").asInt()).isEqualTo(5 + 20 + 7 + 4);
    assertThat(sync.at("/endpoint comes/texts/0/bytes").asLong())
        .isLessThan(sync.at("/start/texts/0/bytes").asLong());
  }

  @Test
  void whatIsSentFitsATerminal() {
    String size = "services=20,endpoints=2";
    for (String mode : List.of("iptables", "ipvs", "nftables")) {
      assertThat(
              run("program", "--mode", mode, "--synthetic", size, "--sync", "--out", folder + ""))
          .as(errors.toString())
          .isZero();
    }
    assertThat(output.toString().lines())
        .anyMatch(line -> line.matches(" +3600 s +endpoint +endpoint +Service +Service"))
        .anyMatch(line -> line.matches(" +start +later +comes +goes +comes +goes"))
        .anyMatch(line -> line.matches("  rules +169 .*"))
        .filteredOn(line -> line.startsWith("  "))
        .hasSizeGreaterThan(20)
        .allMatch(line -> line.length() <= 110);
  }

  @Test
  void policiesOfManifestsDecideWithCalico() throws IOException {
    String cluster =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec: {nodeName: node-1}
        status: {podIP: 10.244.0.9}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: web, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: web}}
          ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 80}]}]
        """;
    assertThat(program(cluster, "--cni", "calico")).as(errors.toString()).isZero();
    assertThat(folder.resolve("out/iptables-save.txt"))
        .content()
        .contains("-s 192.0.2.0/24 -p tcp")
        .contains("-m multiport --dports 80");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "services=5 | found \"services=5\", expected services=N,endpoints=M",
        "services=x,endpoints=1 | found \"services=x\", expected services=N,endpoints=M",
        "services=1,endpoints=1,colour=red | found \"colour=red\", expected services=N",
      })
  void aSizeThatIsNoneIsMisuse(String size, String message) {
    assertThat(run("program", "--synthetic", size, "--out", folder.toString())).isEqualTo(2);
    assertThat(errors.toString()).contains(message);
  }

  @Test
  void aClusterNeedsASource() {
    assertThat(run("program", "--out", folder.toString())).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ports: [{port: 80}] | ports: [{port: eighty}] | cluster.yaml:1:1: found \"eighty\" at"
            + " spec.ports[0].port of Service shop/web (document 1), expected a whole number",
        "10.96.0.7 | 10.96.0.700 | found \"10.96.0.700\" at spec.clusterIP of Service shop/web"
            + " (document 1), expected an IP address",
        "{port: 80} | {port: 80}, {name: b, port: 80} | found 80/tcp at spec.ports[1].port of"
            + " Service shop/web (document 1), expected a port that no earlier one has"
      })
  void aBadManifestIsNamedWithItsPath(String good, String bad, String message) throws IOException {
    assertThat(program(SERVICE.replace(good, bad))).isEqualTo(1);
    assertThat(errors.toString()).contains(message);
  }

  private int program(String manifests, String... options) throws IOException {
    Path file = Files.writeString(folder.resolve("cluster.yaml"), manifests);
    List<String> all = new ArrayList<>(List.of("program", "--manifests", file.toString()));
    all.addAll(List.of("--out", folder.resolve("out").toString()));
    all.addAll(List.of(options));
    return run(all.toArray(String[]::new));
  }

  private int run(String... args) {
    CommandLine command = Main.commandLine();
    command.setErr(new PrintWriter(errors, true)).setOut(new PrintWriter(output, true));
    return command.execute(args);
  }
}
