package dev.packetpath.iptables.match;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.iptables.syntax.SavePrinter;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rules as iptables-legacy-restore 1.8.9 took or refused them, and as its save printed them. */
class StatelessMatchFormsTest {
  private static final String REFUSED = "!";
  private static final String SAME = "=";

  /**
   * @param families 4, 6 or 46
   * @param saved what save printed, {@code =} for the input, {@code !} if it was refused
   */
  record Form(String families, String table, String input, String saved) {
    static Form read(String line) {
      List<String> parts = Splitter.on(' ').limit(3).splitToList(line);
      List<String> rule = Splitter.on("  =>  ").splitToList(parts.get(2));
      return new Form(parts.get(0), parts.get(1), rule.get(0), rule.get(1));
    }

    boolean isFor(IpFamily family) {
      return families.contains(family == IpFamily.IPV4 ? "4" : "6");
    }
  }

  static Stream<Form> accepted() throws IOException {
    return forms().filter(form -> !form.saved.equals(REFUSED));
  }

  static Stream<Form> refused() throws IOException {
    return forms().filter(form -> form.saved.equals(REFUSED));
  }

  private static Stream<Form> forms() throws IOException {
    return Resources.readLines(
            Resources.getResource(StatelessMatchFormsTest.class, "stateless-match-forms.txt"),
            UTF_8)
        .stream()
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .map(Form::read);
  }

  private static List<String> rules(Form form, IpFamily family) throws IOException {
    String text = "*" + form.table + "\n" + form.input + "\nCOMMIT\n";
    return Splitter.on('\n')
        .splitToStream(
            SavePrinter.toText(RestoreParser.parse("forms", family, new StringReader(text)), false))
        .filter(line -> line.startsWith("-A"))
        .collect(toImmutableList());
  }

  @ParameterizedTest
  @MethodSource
  void accepted(Form form) throws IOException {
    for (IpFamily family : IpFamily.values()) {
      if (form.isFor(family)) {
        assertThat(rules(form, family))
            .as("%s", family)
            .containsExactly(form.saved.equals(SAME) ? form.input : form.saved);
      }
    }
  }

  @ParameterizedTest
  @MethodSource
  void refused(Form form) {
    for (IpFamily family : IpFamily.values()) {
      if (form.isFor(family)) {
        assertThatThrownBy(() -> rules(form, family))
            .as("%s", family)
            .isInstanceOf(SyntaxException.class);
      }
    }
  }
}
