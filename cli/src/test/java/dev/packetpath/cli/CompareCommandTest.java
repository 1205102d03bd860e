package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.packetpath.node.cost.Profiles;
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

final class CompareCommandTest {
  @TempDir private Path folder;
  private final StringWriter errors = new StringWriter();
  private final StringWriter output = new StringWriter();

  /** Claim C7 of the article: 1,000 requests a second, unless told. */
  @Test
  void itPrintsATableAndAdvice() {
    assertThat(run("--analytic", "--services", "10,1000")).as(errors.toString()).isZero();
    assertThat(output.toString())
        .startsWith("profile linux-6.18; 1,000 requests/s, 10 endpoints a Service\n")
        .contains("A new connection for each request", "100 requests a connection")
        .contains("iptables 1.20", "iptables current", "ipvs", "nftables", "userspace")
        .containsPattern("(?m)^With 1,000 Services and a new connection for each request, ");
    assertThat(errors.toString()).isEmpty();
  }

  @Test
  void jsonHasARowForEachConfigurationInOrder() throws IOException {
    assertThat(
            run(
                "--analytic",
                "--services",
                "20,10",
                "--keepalive",
                "1,50",
                "--modes",
                "iptables,ipvs",
                "--rate",
                "250",
                "--endpoints",
                "3",
                "--profile",
                "article-2019",
                "--format",
                "json"))
        .as(errors.toString())
        .isZero();
    JsonNode root = new ObjectMapper().readTree(output.toString());
    assertThat(root.get("profile").asText()).isEqualTo("article-2019");
    assertThat(root.get("rows"))
        .extracting(
            row ->
                row.get("mode").asText()
                    + " "
                    + row.get("layout").asText()
                    + " "
                    + row.get("keepalive").asInt()
                    + " "
                    + row.get("services").asInt())
        .containsExactly(
            "iptables 1.20 1 20",
            "iptables 1.20 1 10",
            "iptables current 1 20",
            "iptables current 1 10",
            "ipvs 1.20 1 20",
            "ipvs 1.20 1 10",
            "iptables 1.20 50 20",
            "iptables 1.20 50 10",
            "iptables current 50 20",
            "iptables current 50 10",
            "ipvs 1.20 50 20",
            "ipvs 1.20 50 10");
    assertThat(root.at("/rows/0/requestsPerSecond").asDouble()).isEqualTo(250);
    assertThat(root.at("/rows/0/endpoints").asInt()).isEqualTo(3);
    assertThat(root.at("/rows/0/rulesPerNewConnection/serviceChainMax").asInt()).isEqualTo(40);
  }

  @Test
  void calicoLeavesUserspaceOut() throws IOException {
    assertThat(run("--analytic", "--cni", "calico", "--services", "10", "--format", "json"))
        .as(errors.toString())
        .isZero();
    JsonNode rows = new ObjectMapper().readTree(output.toString()).get("rows");
    assertThat(rows.findValuesAsText("mode")).doesNotContain("userspace").contains("nftables");
  }

  @Test
  void filesAreWrittenTogetherAndNameTheCommand() throws IOException {
    Path out = folder.resolve("it's here");
    assertThat(run("--analytic", "--services", "10", "--modes", "ipvs", "--out", out.toString()))
        .as(errors.toString())
        .isZero();
    assertThat(output.toString().lines().reduce("", (line, last) -> last))
        .startsWith("written to " + out + ": ")
        .contains("report.html");
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "results.json",
              "results.csv",
              "report.html",
              "response-time.svg",
              "response-time.png",
              "cpu.svg",
              "cpu.png",
              "rules.svg",
              "rules.png");
    }
    JsonNode root = new ObjectMapper().readTree(out.resolve("results.json").toFile());
    assertThat(root.get("command").asText())
        .startsWith("packetpath compare --analytic --services 10 --modes ipvs --out '")
        .endsWith("it'\\''s here'");
  }

  @Test
  void aProfileOfOnesOwnIsRead() throws IOException {
    Path profile = copy("article-2019", "article-2019", "own");
    assertThat(
            run(
                "--analytic",
                "--services",
                "10",
                "--modes",
                "ipvs",
                "--profile",
                profile.toString()))
        .as(errors.toString())
        .isZero();
    assertThat(output.toString()).startsWith("profile own;");
  }

  /**
   * Claims C12 and C20 of the article: slower servers and busier clients add to all modes alike.
   */
  @Test
  void slowerServersAndBusierClientsAddToAllModesAlike() throws IOException {
    JsonNode plain = rows("10,1000", "article-2019");
    output.getBuffer().setLength(0);
    JsonNode more =
        rows("10,1000", "article-2019", "--server-time", "2ms", "--client-cpu", "100us");
    assertThat(plain).hasSize(4);
    for (int i = 0; i < plain.size(); i++) {
      assertThat(difference(more, plain, i, "/responseTimeMs/mean")).isCloseTo(2, within(1e-6));
      assertThat(difference(more, plain, i, "/cpuCores/base")).isCloseTo(0.1, within(1e-6));
      assertThat(difference(more, plain, i, "/cpuCores/rules")).isZero();
    }
  }

  /** Claim C17 of the article: the interface that programs older kernels is slower. */
  @Test
  void anOlderKernelTakesLongerForSyncsAlone() throws IOException {
    JsonNode plain = rows("10000", "article-2019");
    output.getBuffer().setLength(0);
    JsonNode older = rows("10000", "article-2019", "--kernel-era", "4.4");
    assertThat(difference(older, plain, 0, "/cpuCores/sync")).isGreaterThan(0.05);
    assertThat(difference(older, plain, 0, "/cpuCores/base")).isZero();
  }

  @Test
  void laboratoriesOf2019HaveTheRulesOfTheirTime() throws IOException {
    assertThat(rows("10", "ucloud-2019").get(0).get("layout").asText()).isEqualTo("1.20");
  }

  @Test
  void laboratoriesOfNoReleaseHaveTheRulesOfToday() throws IOException {
    assertThat(rows("10", "linux-6.18").get(0).get("layout").asText()).isEqualTo("current");
  }

  @Test
  void aCopyOfAProfileHasTheRulesOfItsTimeToo() throws IOException {
    Path copy = copy("ucloud-2019", "name: \"ucloud-2019\"", "name: mine");
    assertThat(rows("10", copy.toString()).get(0).get("layout").asText()).isEqualTo("1.20");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(?s)(syncPeriod:.    value:) 30 | syncPeriod 0.0, expected 0.001 or more",
        "(?s)(syncChunk:.    value:) 7.68 | syncChunk 0.0, expected 0.001 or more",
        "(?s)(kubernetesMinor:.    value:) 20 | kubernetesMinor 0.0, expected a number from 14.0",
      })
  void whatNoLaboratoryHasIsRefusedWithItsPlace(String figure, String message) throws IOException {
    Path copy = copy("article-2019", figure, "$1 0");
    assertThat(run("--services", "10", "--modes", "ipvs", "--profile", copy.toString()))
        .isEqualTo(1);
    assertThat(errors.toString()).containsPattern("own\\.yaml:\\d+:12: ").contains(message);
  }

  @Test
  void aReleaseIsAWholeNumber() throws IOException {
    Path copy = copy("article-2019", "(?s)(kubernetesMinor:.    value:) 20", "$1 20.5");
    assertThat(run("--services", "10", "--profile", copy.toString())).isEqualTo(1);
    assertThat(errors.toString()).contains("kubernetesMinor 20.5, expected a whole number");
  }

  /** Writes a shipped profile with something else in it. */
  private Path copy(String profile, String was, String is) throws IOException {
    StringBuilder text = new StringBuilder();
    Profiles.write(Profiles.shipped(profile), text);
    String changed = text.toString().replaceFirst(was, is);
    assertThat(changed).isNotEqualTo(text.toString());
    return Files.writeString(folder.resolve("own.yaml"), changed);
  }

  private static double difference(JsonNode more, JsonNode plain, int row, String field) {
    return more.get(row).at(field).asDouble() - plain.get(row).at(field).asDouble();
  }

  private JsonNode rows(String services, String profile, String... options) throws IOException {
    String usual =
        "--analytic --services %s --modes ipvs,nftables --keepalive 1 --format json --profile %s"
            .formatted(services, profile);
    Stream<String> all = Stream.concat(Stream.of(usual.split(" ")), Stream.of(options));
    assertThat(run(all.toArray(String[]::new))).as(errors.toString()).isZero();
    return new ObjectMapper().readTree(output.toString()).get("rows");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--services 0 | services: 0, expected at least 1",
        "--services 10,10 | services: [10, 10], expected each once",
        "--services many | Invalid value for option '--services",
        "--endpoints 0 | endpoints: 0, expected at least 1",
        "--services 2147483647 | services: 2147483647, expected 0 to 1000000",
        "--services 1000000 | endpoints: 10 for each of 1000000 services, expected at most 8388608",
        "--modes userspace --cni calico | modes: userspace with Calico, expected iptables, ipvs or",
        "--profile= | profile \"\", expected a file or one of linux-6.18",
        "--keepalive 0 | keepalive: 0, expected at least 1",
        "--rate 0 | requests per second: 0.0, expected more than 0",
        "--rate -1 | requests per second: -1.0, expected more than 0",
        "--modes ebpf | Invalid value for option '--modes",
        "--profile fast | profile \"fast\", expected a file or one of linux-6.18, article-2019",
        "--kernel-era 2.6 | found \"2.6\", expected one of [profile, 4.4]",
        "--server-time 2 | found \"2\", expected a duration such as 2ms, 350us or 0.5s",
        "--colour | Unknown option: '--colour'"
      })
  void misuseIsNamedAndNothingIsWritten(String options, String message) {
    Path out = folder.resolve("out");
    List<String> arguments = List.of(options.split(" "));
    assertThat(
            run(
                Stream.concat(arguments.stream(), Stream.of("--out", out.toString()))
                    .toArray(String[]::new)))
        .isEqualTo(2);
    assertThat(errors.toString()).startsWith("packetpath: ").contains(message);
    assertThat(out).doesNotExist();
  }

  @Test
  void aBadProfileIsNamedWithItsPlace() throws IOException {
    Path profile = Files.writeString(folder.resolve("bad.yaml"), "name: x\nrules: 4\n");
    Path out = folder.resolve("out");
    assertThat(run("--profile", profile.toString(), "--out", out.toString())).isEqualTo(1);
    assertThat(errors.toString()).startsWith("packetpath: " + profile + ":").contains("expected");
    assertThat(out).doesNotExist();
    assertThat(run("--profile", folder.resolve("none.yaml").toString())).isEqualTo(1);
    assertThat(errors.toString()).contains("none.yaml: no such file or folder");
  }

  @Test
  void aProfileWithoutACostIsNamedAfterTheFolderIsTried() throws IOException {
    StringBuilder text = new StringBuilder();
    Profiles.write(Profiles.shipped("article-2019"), text);
    Path profile =
        Files.writeString(
            folder.resolve("own.yaml"),
            text.toString().replaceFirst("(?m)^  hookCall:\\R(    .*\\R)+", ""));
    Path file = Files.writeString(folder.resolve("file"), "mine");
    String[] usual = {"--analytic", "--services", "10", "--profile", profile.toString(), "--out"};
    assertThat(
            run(Stream.concat(Stream.of(usual), Stream.of(file + "/out")).toArray(String[]::new)))
        .isEqualTo(1);
    assertThat(errors.toString()).startsWith("packetpath: " + file).doesNotContain("no cost");
    errors.getBuffer().setLength(0);
    Path out = folder.resolve("some/where");
    assertThat(run(Stream.concat(Stream.of(usual), Stream.of(out + "")).toArray(String[]::new)))
        .isEqualTo(1);
    assertThat(errors.toString())
        .startsWith("packetpath: " + profile + ": no cost is known of hookCall");
    assertThat(out.getParent()).doesNotExist();
  }

  @Test
  void aFolderWithoutANameIsMisuse() {
    assertThat(run("--out", "")).isEqualTo(2);
    assertThat(errors.toString()).contains("found \"\", expected the name of a folder");
  }

  @Test
  void aFolderThatIsAFileIsLeftAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    assertThat(run("--analytic", "--services", "10", "--modes", "ipvs", "--out", file.toString()))
        .isEqualTo(1);
    assertThat(errors.toString()).contains("found a file, expected a folder");
    assertThat(file).hasContent("mine");
  }

  private int run(String... arguments) {
    return Main.commandLine()
        .setErr(new PrintWriter(errors, true))
        .setOut(new PrintWriter(output, true))
        .execute(Stream.concat(Stream.of("compare"), Stream.of(arguments)).toArray(String[]::new));
  }
}
