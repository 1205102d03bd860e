package dev.packetpath.iptables.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Counters;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.TableName;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the parser takes and refuses, against tables of what iptables-restore 1.8.9 does. */
class RestoreParserTest {
  private static final Pattern UNTOUCHED =
      Pattern.compile("\\*filter|COMMIT||:(INPUT|OUTPUT|FORWARD|P\\w+ROUTING) ACCEPT \\[0:0]");

  static List<RestoreCase> refused() throws IOException {
    return RestoreCase.read("restore-refused.txt");
  }

  static List<RestoreCase> accepted() throws IOException {
    return RestoreCase.read("restore-accepted.txt");
  }

  @ParameterizedTest
  @MethodSource
  void refused(RestoreCase refused) {
    assertThatThrownBy(
            () -> RestoreParser.parse("rules", refused.family(), new StringReader(refused.text())))
        .isInstanceOf(SyntaxException.class)
        .hasMessage("rules:" + refused.expected().get(0));
  }

  @ParameterizedTest
  @MethodSource
  void accepted(RestoreCase accepted) throws IOException {
    Ruleset read =
        RestoreParser.parse("rules", accepted.family(), new StringReader(accepted.text()));
    String saved = SavePrinter.toText(read, false).replaceAll("\\[1:2]", "[0:0]");
    ImmutableList<String> told =
        Splitter.on('\n')
            .splitToStream(saved)
            .filter(line -> !UNTOUCHED.matcher(line).matches())
            .collect(ImmutableList.toImmutableList());
    assertThat(told)
        .isEqualTo(
            accepted.expected().stream()
                .map(line -> new RestoreCase(accepted.family(), line, List.of()).text())
                .toList());
  }

  @Test
  void countersOfRulesAndPoliciesAreRead() throws IOException {
    Ruleset read =
        read("*filter\n:INPUT DROP [1:2]\n[3:18446744073709551615] -A INPUT\n-A INPUT -c 4 5\n");
    assertThat(SavePrinter.toText(read, true))
        .contains(":INPUT DROP [1:2]")
        .contains("[3:18446744073709551615] -A INPUT\n[4:5] -A INPUT\n");
    assertThat(SavePrinter.toText(read, false)).contains("\n-A INPUT\n-A INPUT\n");
  }

  @Test
  void countersAreZeroedByZ() throws IOException {
    Ruleset read = read("*filter\n:INPUT DROP [1:2]\n[3:4] -A INPUT\n[5:6] -A INPUT\n-Z INPUT 2\n");
    assertThat(SavePrinter.toText(read, true))
        .contains(":INPUT DROP [1:2]\n")
        .contains("[3:4] -A INPUT\n[0:0] -A INPUT\n");
    Ruleset all = read("*filter\n:INPUT DROP [1:2]\n[3:4] -A INPUT\n-Z\n");
    assertThat(all.table(TableName.FILTER).orElseThrow().chains().get(0).policyCounters())
        .isEqualTo(Counters.ZERO);
    assertThat(SavePrinter.toText(all, true)).contains("[0:0] -A INPUT\n");
  }

  @Test
  void textThatHoldsNoCountersIsNoted() throws IOException {
    RestoreParser parser = new RestoreParser("rules", IpFamily.IPV4, ReadMode.STRICT);
    parser.read(new StringReader("*filter\n:INPUT ACCEPT x\n[1:y] -A INPUT\nCOMMIT\n"));
    assertThat(parser.notes())
        .extracting(ReadNote::toString)
        .containsExactly(
            "rules:2:15: \"x\" holds no counters, read as [0:0]",
            "rules:3:1: \"[1:y]\" holds no counters, read as [0:0]");
  }

  @Test
  void quoteThatIsNotClosedRunsToTheEndOfTheLineAndIsNoted() throws IOException {
    RestoreParser parser = new RestoreParser("rules", IpFamily.IPV4, ReadMode.STRICT);
    String line = "-A INPUT -m comment --comment \"a -j DROP";
    Ruleset read = parser.read(new StringReader("*filter\n" + line + "\nCOMMIT\n"));
    assertThat(SavePrinter.toText(read, false)).contains(line + "\"\n");
    assertThat(parser.notes())
        .extracting(ReadNote::toString)
        .containsExactly(
            "rules:2:31: the quote is not closed, so the rest of the line belongs to this word");
  }

  @Test
  void secondSectionOfTableReplacesTheFirst() throws IOException {
    Ruleset read =
        RestoreParser.parse(
            "rules",
            IpFamily.IPV4,
            new StringReader("*raw\n-A OUTPUT\nCOMMIT\n*nat\nCOMMIT\n*raw\nCOMMIT\n"));
    assertThat(read.tables())
        .extracting(table -> table.name().text())
        .containsExactly("nat", "raw");
    assertThat(read.table(TableName.RAW).orElseThrow().ruleCount()).isZero();
  }

  private static Ruleset read(String lines) throws IOException {
    return RestoreParser.parse("rules", IpFamily.IPV4, new StringReader(lines + "COMMIT\n"));
  }
}
