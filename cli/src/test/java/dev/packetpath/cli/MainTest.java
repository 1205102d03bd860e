package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class MainTest {
  /** The list of commands shows the first line of each description alone. */
  @Test
  void eachCommandIsToldInASentence() {
    assertThat(Main.commandLine().getSubcommands().values())
        .allSatisfy(
            command ->
                assertThat(command.getCommandSpec().usageMessage().description()[0]).endsWith("."));
  }
}
