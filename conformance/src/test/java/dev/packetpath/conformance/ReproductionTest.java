package dev.packetpath.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The printed scripts run, from a folder that has what the project's folder has. */
final class ReproductionTest {
  private static final String VECTOR =
      """
      {"ruleset": "*filter\\n-A FORWARD -m limit --limit 10/s --limit-burst 1 -j ACCEPT\\n-A FORWARD -m set --match-set s src -j DROP\\nCOMMIT\\n",
       "ruleset6": "*filter\\n-A FORWARD -j DROP\\nCOMMIT\\n",
       "ipset": "create s hash:ip\\nadd s 10.1.0.5\\n",
       "sysctls": {"net.netfilter.nf_conntrack_udp_timeout": "7"},
       "packets": [
        {"inject":"eth0","proto":"udp","src":"10.1.0.5","dst":"10.2.0.5","sport":1,"dport":2,"len":1},
        {"inject":"eth0","proto":"udp","src":"10.1.0.5","dst":"10.2.0.5","sport":3,"dport":2,"len":1},
        {"inject":"eth0","proto":"udp","src":"10.1.0.5","dst":"10.2.0.5","sport":4,"dport":2,"len":1},
        {"inject":"eth0","proto":"udp","src":"fd01::5","dst":"fd02::5","sport":1,"dport":2,"len":1}]}
      """;
  private static final String ANSWER =
      """
      {"packets": [{"result": {"time": 0.004}}, {"result": {"time": 0.004}}, {"result": {"time": 0.3}},
       {"result": {"time": 0.3}}]}
      """;

  @TempDir private Path project;

  @Test
  void theModelsPartReplaysThePacketsAtTheirTimes() throws IOException, InterruptedException {
    ObjectMapper json = new ObjectMapper();
    String script = Reproduction.script(json.readTree(VECTOR), json.readTree(ANSWER), "legacy");
    makeProject();
    Process shell =
        new ProcessBuilder(
                "sh", "-e", "-c", script.substring(script.indexOf("# --- what the models")))
            .directory(project.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(shell.getInputStream().readAllBytes(), UTF_8);
    assertThat(shell.waitFor(180, TimeUnit.SECONDS)).isTrue();
    assertThat(shell.exitValue()).as(said).isZero();
    assertThat(said.lines().filter(line -> line.startsWith("{\"inject\"")))
        .extracting(line -> json.readTree(line).path("result").path("emitted").size())
        .containsExactly(1, 0, 1, 0);
    assertThat(said).contains("udp      17 7 src=10.1.0.5 dst=10.2.0.5 sport=4");
  }

  @Test
  void theKernelsPartHoldsTheWholeVector() throws IOException {
    JsonNode vector = new ObjectMapper().readTree(VECTOR);
    String script = Reproduction.script(vector, vector, "nft");
    String given =
        script.substring(script.indexOf("<<'VECTOR'\n") + 11, script.indexOf("\nVECTOR\n"));
    assertThat(script).contains("conformance/kernel/netlab.py record --backend nft - <<'VECTOR'\n");
    assertThat(new ObjectMapper().readTree(given)).isEqualTo(vector);
  }

  /** A launcher that starts what is on this class path, and the node's files. */
  private void makeProject() throws IOException {
    Files.createDirectory(project.resolve("conformance"));
    Files.createSymbolicLink(
        project.resolve("conformance").resolve("node"), Path.of("node").toAbsolutePath());
    Path launcher = project.resolve("packetpath");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '"
            + Path.of(System.getProperty("java.home"), "bin", "java")
            + "' -cp '"
            + System.getProperty("java.class.path")
            + "' dev.packetpath.cli.Main \"$@\"\n");
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
  }
}
