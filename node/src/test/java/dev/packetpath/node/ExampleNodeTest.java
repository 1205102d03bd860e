package dev.packetpath.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.syntax.SavePrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExampleNodeTest {
  @TempDir private Path folder = Path.of("");

  /** The text is what the real iptables-save 1.8.9 printed after iptables-restore took it. */
  @Test
  void itsRulesPrintBackAsTheyWere() throws IOException {
    ExampleNode.writeTo(folder);
    String written =
        Files.readAllLines(folder.resolve("iptables-save.txt")).stream()
            .filter(line -> !line.startsWith("#"))
            .collect(Collectors.joining("\n", "", "\n"));

    assertThat(
            SavePrinter.toText(ExampleNode.snapshot().ruleset(IpFamily.IPV4).orElseThrow(), false))
        .isEqualTo(written);
  }

  @Test
  void whatItWritesIsASnapshot() throws IOException {
    ExampleNode.writeTo(folder);

    assertThat(SnapshotReader.read(folder).network().devices())
        .isEqualTo(ExampleNode.snapshot().network().devices());
  }
}
