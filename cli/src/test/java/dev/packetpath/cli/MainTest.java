package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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

  /** A command of the examples that is broken in two cannot be copied. */
  @Test
  void linesBelowTheOptionsAreNotBroken() {
    assertThat(Main.commandLine().getSubcommands().values())
        .allSatisfy(
            command ->
                assertThat(command.getUsageMessage().lines())
                    .containsAll(
                        Arrays.stream(command.getCommandSpec().usageMessage().footer())
                            .flatMap(line -> line.replace("%n", "\n").lines())
                            .toList()));
  }
}
