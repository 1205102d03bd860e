package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.packetpath.core.net.IpFamily;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Files of iptables-save against the real tools and the kernel, where they are there. */
final class DumpRunTest {
  private static final Path DUMPS = Path.of("src", "test", "resources", "dumps");

  private static KernelLab lab;

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final DumpRun run = new DumpRun(lab, new PrintStream(told, true, StandardCharsets.UTF_8));

  @BeforeAll
  static void startTheLaboratory() throws IOException {
    LabAvailability availability = LabAvailability.check();
    assumeTrue(availability.isAvailable(), availability.reason());
    lab = KernelLab.start(LabAvailability.PROGRAM);
  }

  @AfterAll
  static void closeTheLaboratory() throws IOException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void toolsAndKernelAgreeOnEachFileOfAFolder() throws IOException {
    run.folder(DUMPS, 200, 1);

    assertThat(run.agrees()).as(told.toString(StandardCharsets.UTF_8)).isTrue();
    assertThat(run.summary())
        .startsWith("files 5, accepted by both 4, refused by both 1, judged differently 0");
    assertThat(told.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains(": IPV")))
        .hasSize(5)
        .anyMatch(
            line -> line.matches("docker-host.txt: IPV4, accepted by both, printed the same.*"))
        .anyMatch(line -> line.matches("ipv6-host.txt: IPV6, accepted by both, printed the same.*"))
        .anyMatch(
            line -> line.matches("old-spelling.txt: .*refused by both: .*:5:13: .*with 1 note.*"));
  }

  @Test
  void aFileThatOnlyWeAcceptIsTold() throws IOException {
    String text = "*filter\n-A INPUT -m set --match-set absent src -j DROP\nCOMMIT\n";
    run.file(new Dump("sets.txt", IpFamily.IPV4, text), 10, 1);

    assertThat(run.agrees()).isFalse();
    assertThat(told.toString(StandardCharsets.UTF_8)).contains("JUDGED DIFFERENTLY", "absent");
  }
}
