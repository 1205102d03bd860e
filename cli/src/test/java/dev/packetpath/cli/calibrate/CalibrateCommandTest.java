package dev.packetpath.cli.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class CalibrateCommandTest {
  private static String obstacle = "";

  @TempDir private Path folder;
  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new CalibrateCommand())
        .setOut(new PrintWriter(output))
        .setErr(new PrintWriter(errors))
        .execute(args);
  }

  @BeforeAll
  static void tryOnePacket() {
    try {
      KernelMeasurement.run(plan(""), (share, doing) -> {});
    } catch (IOException e) {
      obstacle = String.valueOf(e.getMessage());
    }
  }

  private static void assumeThatItCanBeMeasured() {
    assumeTrue(obstacle.isEmpty(), obstacle);
    for (String tool : List.of("ip", "ipset", "iptables-legacy-restore")) {
      assumeTrue(Machine.hasTool(tool), tool + " is not installed");
    }
  }

  private static MeasurementPlan plan(String ruleset) {
    return new MeasurementPlan(
        1,
        0,
        ImmutableList.of(PacketCase.of("a packet").withRules(ruleset)),
        ImmutableList.of(),
        ImmutableList.of());
  }

  @Test
  void itMeasuresAndWritesAProfileThatIsRead() throws IOException {
    assumeThatItCanBeMeasured();
    Path file = folder.resolve("here.yaml");
    assertThat(run("--out", file.toString(), "--rounds", "5", "--services", "10,300"))
        .as(errors.toString())
        .isZero();
    try (BufferedReader text = Files.newBufferedReader(file)) {
      Profile profile = Profiles.read("here.yaml", text);
      assertThat(profile.name()).isEqualTo("here");
      assertThat(profile.lab().nanoseconds("setUpTime")).isPositive();
    }
    assertThat(output.toString())
        .contains(
            "10 Services of kube-proxy 1.20",
            "300 Services of kube-proxy 1.20",
            "written to " + file);
    assertThat(folder).isDirectoryNotContaining("glob:**/.unfinished*");
  }

  @Test
  void connectionsAreComparedWithWhatAProfileSays() throws IOException {
    assumeThatItCanBeMeasured();
    ConnectComparison comparison =
        ConnectComparison.measure(List.of(10, 30), 5, (share, doing) -> {});
    assertThat(comparison.points()).hasSize(4).allMatch(point -> point.ns() > 0);
  }

  @Test
  void whatAToolRefusesIsTold() {
    assumeThatItCanBeMeasured();
    ThrowingCallable bad =
        () ->
            KernelMeasurement.run(plan("*raw\n-A NOWHERE -j DROP\nCOMMIT\n"), (share, doing) -> {});
    Assertions.assertThatThrownBy(bad)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("iptables")
        .hasMessageContaining("restore");
  }

  @ParameterizedTest
  @CsvSource({
    "--rounds, 4, expected at least 5",
    "--services, 0, expected numbers from 1 to 20000",
    "--services, 30000, expected numbers from 1 to 20000"
  })
  void numbersHaveRanges(String option, String value, String message) {
    Path file = folder.resolve("here.yaml");
    assertThat(run("--out", file.toString(), option, value)).isEqualTo(2);
    assertThat(errors.toString()).contains(message);
    assertThat(file).doesNotExist();
  }
}
