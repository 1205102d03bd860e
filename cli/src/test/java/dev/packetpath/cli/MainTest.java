package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MainTest {
  /** The list of commands shows the first line of each description alone. */
  @Test
  void eachCommandIsToldInASentence() {
    assertThat(Main.commandLine().getSubcommands().values())
        .allSatisfy(
            command ->
                assertThat(command.getCommandSpec().usageMessage().description()[0]).endsWith("."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trace --format xml | option '--format': found \"xml\", expected one of text, json",
        "trace --conntrack x | option '--conntrack': found \"x\", expected one of new, established, related,",
        "compare --modes ipvs,x | option '--modes' (MODE): found \"x\", expected one of iptables, ipvs,"
      })
  void aWordThatIsNoChoiceIsToldLikeAllBadInput(String command, String told) {
    StringWriter errors = new StringWriter();
    int status =
        Main.commandLine().setErr(new PrintWriter(errors, true)).execute(command.split(" "));
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString()).startsWith("packetpath: Invalid value for " + told);
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
