package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class TraceCommandTest {
  private static final String PACKET = "in=eth0 tcp 203.0.113.9:40000 > 192.168.0.2:30080";

  @TempDir private Path folder = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... words) {
    CommandLine main =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return main.execute(words);
  }

  private String rules(String text) throws IOException {
    return Files.writeString(folder.resolve("rules"), text).toString();
  }

  @Test
  void aWordThatDoesNotFitIsBadInputWithItsColumn() {
    assertThat(run("trace", PACKET, "tpc 1.1.1.1:1 > 2.2.2.2:2")).isEqualTo(1);
    assertThat(err.toString()).startsWith("packetpath: packet:2:1: found \"tpc\", expected ");
    assertThat(err.toString()).hasLineCount(1);
  }

  @Test
  void aRuleThatCannotBeReadIsNamedWithFileLineAndColumn() throws IOException {
    String file = rules("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j NOWHERE -x\nCOMMIT\n");

    assertThat(run("trace", "--rules", file, PACKET)).isEqualTo(1);
    assertThat(err.toString()).startsWith("packetpath: " + file + ":3:");
    assertThat(err.toString()).hasLineCount(1);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(run("trace", "--rules", "/does/not/exist", PACKET)).isEqualTo(1);
    assertThat(run("trace", "--node", "/does/not/exist", PACKET)).isEqualTo(1);
    assertThat(err.toString())
        .isEqualTo("packetpath: /does/not/exist: no such file or folder\n".repeat(2));
  }

  @Test
  void aProfilePricesWhatAFlowTakes() throws IOException {
    assertThat(run("trace", "--profile", "linux-6.18", PACKET)).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("  nanoseconds (linux-6.18)")
        .contains("    rules")
        .contains("    hooks and routes")
        .doesNotContain("    IPVS");
    out.getBuffer().setLength(0);

    assertThat(run("trace", "--profile", "linux-6.18", "--format", "json", PACKET)).isZero();
    JsonNode answer = new ObjectMapper().readTree(out.toString());
    assertThat(answer.path("profile").asText()).isEqualTo("linux-6.18");
    JsonNode flow = answer.path("outcomes").path(0).path("flows").path(0);
    double fresh = flow.path("newConnection").path("ns").path("total").asDouble();
    double later = flow.path("establishedPacket").path("ns").path("total").asDouble();
    assertThat(fresh).isBetween(2 * later, 20 * later);
  }

  @Test
  void withoutAProfileNothingIsPriced() {
    assertThat(run("trace", PACKET)).isZero();
    assertThat(out.toString()).doesNotContain("nanoseconds");
  }

  @Test
  void aProfileThatDoesNotExistIsNamed() throws IOException {
    assertThat(run("trace", "--profile", "linux-2.4", PACKET)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "packetpath: profile \"linux-2.4\", expected a file or one of linux-6.18,"
                + " article-2019");
    assertThat(run("trace", "--profile", "/does/not/exist", PACKET)).isEqualTo(1);
    Path file = Files.writeString(folder.resolve("p.yaml"), "name: x\nabout: y\n");
    assertThat(run("trace", "--profile", file.toString(), PACKET)).isEqualTo(1);
    assertThat(err.toString()).contains(file + ":1:1: found no \"machine\", expected it here");
  }

  @Test
  void optionsThatDoNotGoTogetherAreAUsageError() throws IOException {
    assertThat(run("trace", "--local", "10.0.0.1", PACKET)).isEqualTo(2);
    assertThat(run("trace", "--node", "x", "--rules", "y", PACKET)).isEqualTo(2);
    assertThat(run("trace", "--rules", rules("*filter\nCOMMIT\n"))).isEqualTo(2);
    assertThat(run("trace", "--rules", rules(""), "--local", "here", PACKET)).isEqualTo(2);
    assertThat(err.toString()).contains("Try 'packetpath trace --help'.");
  }

  @Test
  void aPacketOnADeviceThatTheNodeDoesNotHaveIsBadInput() {
    assertThat(run("trace", "in=eth9 udp 10.0.0.1:1 > 10.0.0.2:2")).isEqualTo(1);
    assertThat(err.toString()).contains("eth9").contains("cni0");
  }

  @Test
  void theExampleNodeIsWrittenAndReadBack() {
    String node = folder.resolve("node").toString();

    assertThat(run("example", node)).isZero();
    out.getBuffer().setLength(0);
    assertThat(run("trace", "--node", node, PACKET)).isZero();
    String fromFiles = out.toString();
    out.getBuffer().setLength(0);
    assertThat(run("trace", PACKET)).isZero();
    assertThat(fromFiles).isEqualTo(out.toString());
  }

  @Test
  void jsonHoldsTheOutcomesWithTheirProbabilities() throws IOException {
    assertThat(run("trace", "--all", "--format", "json", PACKET, "reply")).isZero();

    JsonNode answer = new ObjectMapper().readTree(out.toString());
    assertThat(answer.get("outcomes")).hasSize(3);
    JsonNode first = answer.get("outcomes").get(0);
    assertThat(first.get("probability").asText()).isEqualTo("715827883/2147483648");
    assertThat(first.get("packets")).hasSize(2);
    assertThat(first.get("packets").get(0).get("rulesTraversed").get("total").asInt())
        .isEqualTo(
            first
                .get("flows")
                .get(0)
                .get("newConnection")
                .get("rulesTraversed")
                .get("total")
                .asInt());
    assertThat(answer.get("assumptions")).isEmpty();
  }
}
