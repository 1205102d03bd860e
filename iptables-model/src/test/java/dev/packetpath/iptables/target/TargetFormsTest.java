package dev.packetpath.iptables.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Chain;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to write a target, against what the real tools made of it. */
final class TargetFormsTest {
  static Stream<String> forms() throws IOException {
    return Resources.readLines(
            Resources.getResource(TargetFormsTest.class, "target-forms.txt"),
            StandardCharsets.UTF_8)
        .stream()
        .filter(line -> !line.startsWith("#"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("forms")
  void aRuleIsReadAndPrintedAsTheRealToolsDo(String form) throws IOException {
    List<String> parts = Splitter.on(" | ").splitToList(form);
    IpFamily family = parts.get(0).startsWith("4") ? IpFamily.IPV4 : IpFamily.IPV6;
    String rule = parts.get(1);
    String text = "*" + parts.get(0).substring(2) + "\n" + rule + "\nCOMMIT\n";
    if (parts.get(2).equals("refused")) {
      assertThatThrownBy(() -> RestoreParser.parse("form", family, new StringReader(text)))
          .isInstanceOf(SyntaxException.class)
          .hasMessageStartingWith("form:2:");
    } else {
      Ruleset read = RestoreParser.parse("form", family, new StringReader(text));
      assertThat(print(read)).isEqualTo(parts.get(2).equals("same") ? rule : parts.get(2));
    }
  }

  private static String print(Ruleset ruleset) {
    for (Chain chain : ruleset.tables().get(0).chains()) {
      if (!chain.rules().isEmpty()) {
        return "-A " + chain.name() + " " + chain.rules().get(0);
      }
    }
    return "";
  }
}
