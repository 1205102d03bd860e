package dev.packetpath.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.iptables.syntax.SavePrinter;
import dev.packetpath.iptables.testing.RulesetArbitraries;
import dev.packetpath.node.ExampleNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The real iptables-restore accepts what is printed, and iptables-save prints the same. */
final class RestoreToolTest {
  private static final int RULE_SETS = Integer.getInteger("packetpath.restore.rulesets", 40);

  @TempDir private Path folder;

  @BeforeEach
  void checkTheTools() throws IOException {
    String reason = RestoreTool.unavailable();
    assumeTrue(reason.isEmpty(), reason);
  }

  @ParameterizedTest
  @EnumSource
  void generatedRulesComeBackAsPrinted(IpFamily family) throws IOException {
    List<Ruleset> rulesets = generated(family);
    for (int i = 0; i < rulesets.size(); i++) {
      check("rule set of seed " + (i + 1), rulesets.get(i), "");
    }
  }

  private static List<Ruleset> generated(IpFamily family) {
    List<Ruleset> rulesets = new ArrayList<>();
    JqwikSession.run(
        () -> {
          RandomGenerator<Ruleset> generator =
              RulesetArbitraries.rulesets(family, RulesetArbitraries.Parts.ALL)
                  .filter(RestoreToolTest::isForEveryKernel)
                  .generator(RULE_SETS, false);
          for (long seed = 1; seed <= RULE_SETS; seed++) {
            rulesets.add(generator.next(new Random(seed)).value());
          }
        });
    return rulesets;
  }

  private static boolean isForEveryKernel(Ruleset ruleset) {
    return ruleset.tables().stream()
        .flatMap(table -> table.chains().stream())
        .flatMap(chain -> chain.rules().stream())
        .allMatch(ForeseeableRules::isForEveryKernel);
  }

  @Test
  void theRulesOfTheVectorsComeBackAsPrinted() throws IOException {
    Set<String> seen = new HashSet<>();
    for (JsonNode vector : Vectors.recorded().toList()) {
      String rules = vector.path("ruleset").asText();
      String sets = vector.path("ipset").asText();
      if (seen.add(sets + rules)) {
        check(
            vector.path("id").asText(),
            RestoreParser.parse("rules", IpFamily.IPV4, new StringReader(rules)),
            sets);
      }
    }
  }

  @Test
  void theRulesOfTheExampleNodeComeBackAsPrinted() throws IOException {
    check("the example node", ExampleNode.snapshot().ruleset(IpFamily.IPV4).orElseThrow(), "");
  }

  private void check(String name, Ruleset ruleset, String sets) throws IOException {
    String printed = SavePrinter.toText(ruleset, true);
    assertThat(
            SavedText.counted(new RestoreTool(folder).saved(ruleset.family(), sets, printed))
                .tables())
        .as("%s", name)
        .isEqualTo(SavedText.counted(printed).tables());
  }
}
