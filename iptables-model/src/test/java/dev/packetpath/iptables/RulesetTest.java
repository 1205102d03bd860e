package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.iptables.syntax.SavePrinter;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RulesetTest {
  private static Ruleset parse(String text) throws IOException {
    return RestoreParser.parse("rules", IpFamily.IPV4, new StringReader(text));
  }

  @Test
  void rulesAreChangedOrLeftOutAndAllElseStays() throws IOException {
    Ruleset before =
        parse(
            """
            *filter
            :INPUT DROP [3:300]
            :user - [0:0]
            [1:60] -A INPUT -j user
            [2:120] -A INPUT -j LOG
            [4:240] -A user -j ACCEPT
            COMMIT
            """);
    Ruleset after =
        before.mapRules(
            rule ->
                rule.action() instanceof RuleAction.Extension
                    ? Optional.empty()
                    : Optional.of(rule.withCounters(new Counters(7, 700))));
    Ruleset expected =
        parse(
            """
            *filter
            :INPUT DROP [3:300]
            :user - [0:0]
            [7:700] -A INPUT -j user
            [7:700] -A user -j ACCEPT
            COMMIT
            """);
    assertThat(SavePrinter.toText(after, true)).isEqualTo(SavePrinter.toText(expected, true));
  }
}
