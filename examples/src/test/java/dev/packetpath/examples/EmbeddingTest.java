package dev.packetpath.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Builds a Maven project of its own that depends on {@code dev.packetpath:packetpath} alone,
 * against the jars of this build, and runs the first program in it. Nothing is fetched, and the
 * user's repository is only read.
 */
final class EmbeddingTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path WORK = Path.of("target", "embedding").toAbsolutePath();
  private static final Map<String, String> ARTIFACTS =
      Map.of(
          "core", "packetpath-core",
          "conntrack-model", "packetpath-conntrack",
          "iptables-model", "packetpath-iptables",
          "ipvs-model", "packetpath-ipvs",
          "nftables-model", "packetpath-nftables",
          "node", "packetpath");
  private static final String VERSION = System.getProperty("packetpath.version", "");

  @Test
  void aProjectThatDependsOnPacketpathAloneRunsTheFirstProgram() throws Exception {
    Assumptions.assumeTrue(
        Files.exists(jar("node", "packetpath")),
        "skipped, because the jars are not built: run mvn verify");
    writeRepository();
    writeProject();
    Path maven = Path.of(System.getProperty("packetpath.maven", ""), "bin", "mvn");
    run(
        List.of(
            maven.toString(),
            "-q",
            "-B",
            "-s",
            "settings.xml",
            "-Dmaven.repo.local=" + WORK.resolve("local"),
            "compile",
            "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath",
            "-Dmdep.outputFile=classpath"));
    String classpath = Files.readString(WORK.resolve("classpath"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    assertThat(
            run(
                List.of(
                    java,
                    "-cp",
                    "target/classes:" + classpath.strip(),
                    "dev.packetpath.examples.FirstPacket")))
        .contains("tcp 10.244.1.7:40000 > 10.244.")
        .contains("nat=14");
  }

  private static Path jar(String folder, String artifact) {
    return ROOT.resolve(folder).resolve("target").resolve(artifact + "-" + VERSION + ".jar");
  }

  private static void writeRepository() throws IOException {
    publish(ROOT.resolve("pom.xml"), "packetpath-parent", "pom");
    for (Map.Entry<String, String> artifact : ARTIFACTS.entrySet()) {
      publish(ROOT.resolve(artifact.getKey()).resolve("pom.xml"), artifact.getValue(), "pom");
      publish(jar(artifact.getKey(), artifact.getValue()), artifact.getValue(), "jar");
    }
  }

  private static void publish(Path file, String artifact, String type) throws IOException {
    Path folder = WORK.resolve("repository/dev/packetpath").resolve(artifact).resolve(VERSION);
    Files.createDirectories(folder);
    Files.copy(
        file,
        folder.resolve(artifact + "-" + VERSION + "." + type),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static void writeProject() throws IOException {
    Path sources = WORK.resolve("src/main/java");
    Files.createDirectories(sources);
    Files.copy(
        Path.of("src/main/java/dev/packetpath/examples/FirstPacket.java"),
        sources.resolve("FirstPacket.java"),
        StandardCopyOption.REPLACE_EXISTING);
    for (String name : List.of("pom.xml", "settings.xml")) {
      try (InputStream text = EmbeddingTest.class.getResourceAsStream("/embedding/" + name)) {
        assertThat(text).as(name).isNotNull();
        String filled =
            new String(text.readAllBytes(), StandardCharsets.UTF_8)
                .replace("@version@", VERSION)
                .replace("@repository@", WORK.resolve("repository").toUri().toString())
                .replace(
                    "@user@",
                    Path.of(System.getProperty("packetpath.local", "")).toUri().toString());
        Files.writeString(WORK.resolve(name), filled);
      }
    }
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Path output = WORK.resolve("output");
    Process process =
        new ProcessBuilder(new ArrayList<>(command))
            .directory(WORK.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
    String text = Files.readString(output);
    assertThat(process.exitValue()).as(text).isZero();
    return text;
  }
}
