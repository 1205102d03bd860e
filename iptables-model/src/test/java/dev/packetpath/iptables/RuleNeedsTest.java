package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.syntax.RestoreParser;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which rules switch connection tracking on, as the kernel registers its hooks with the first rule
 * that asks for them (nf_ct_netns_get), and which let flows depend on one another.
 */
final class RuleNeedsTest {
  private static Ruleset rules(String table, String rule) {
    boolean leaving = rule.contains("SNAT") || rule.contains("MASQUERADE");
    String hook = table.equals("filter") ? "INPUT" : leaving ? "POSTROUTING" : "PREROUTING";
    String text = "*" + table + "\n-A " + hook + " " + rule + "\nCOMMIT\n";
    try {
      return RestoreParser.parse("rules", IpFamily.IPV4, new StringReader(text));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Rule only(Ruleset ruleset) {
    return ruleset.tables().get(0).chains().stream()
        .flatMap(chain -> chain.rules().stream())
        .findFirst()
        .orElseThrow();
  }

  private static boolean sharesState(Rule rule) {
    boolean target =
        rule.action() instanceof RuleAction.Extension extension && extension.target().sharesState();
    return target || rule.matches().stream().anyMatch(Match::sharesState);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "filter|-m conntrack --ctstate NEW -j ACCEPT|true|false",
        "filter|-m conntrack --ctproto 6 -j ACCEPT|true|false",
        "filter|-m state --state NEW -j ACCEPT|true|false",
        "filter|-m connmark --mark 0x1 -j ACCEPT|true|false",
        "filter|-m connlabel --label 3 -j ACCEPT|true|false",
        "filter|-m connbytes --connbytes 9 --connbytes-dir both --connbytes-mode packets|true|false",
        "filter|-m connlimit --connlimit-above 3 -j DROP|true|true",
        "filter|-m helper --helper ftp -j ACCEPT|true|false",
        "filter|-m cluster --cluster-total-nodes 2 --cluster-local-node 1 --cluster-hash-seed 7|true|false",
        "filter|-m limit --limit 3/sec -j ACCEPT|false|true",
        "filter|-m hashlimit --hashlimit-upto 3/sec --hashlimit-name h -j ACCEPT|false|true",
        "filter|-m quota --quota 99 -j ACCEPT|false|true",
        "filter|-m recent --name r --set -j ACCEPT|false|true",
        "filter|-m statistic --mode nth --every 2 --packet 0 -j ACCEPT|false|true",
        "filter|-m statistic --mode random --probability 0.5 -j ACCEPT|false|false",
        "filter|-m mark --mark 0x1 -j ACCEPT|false|false",
        "filter|-p tcp -m tcp --dport 80 -j REJECT|false|false",
        "mangle|-j CONNMARK --save-mark|true|false",
        "mangle|-j CONNSECMARK --save|true|false",
        "mangle|-j MARK --set-mark 1|false|false",
        "mangle|-j SET --add-set s src|false|true",
        "raw|-j CT --notrack|false|false",
        "raw|-j CT --zone 3|true|false",
        "raw|-p tcp -j CT --helper ftp|true|true",
        "nat|-j ACCEPT|false|false",
        "nat|-j MASQUERADE|true|true",
        "nat|-j SNAT --to-source 10.0.0.1|true|true",
        "nat|-j DNAT --to-destination 10.0.0.1|true|false",
        "nat|-p tcp -j DNAT --to-destination 10.0.0.1:80-90|true|true",
        "nat|-j REDIRECT|true|false",
        "nat|-p tcp -j REDIRECT --to-ports 80-90|true|true",
        "nat|-j NETMAP --to 10.0.0.0/24|true|true"
      })
  void aRuleNeedsConnectionTrackingOrMakesFlowsDepend(
      String table, String rule, boolean needsConntrack, boolean sharesState) {
    Ruleset ruleset = rules(table, rule);
    assertThat(ruleset.needsConntrack()).as("connection tracking").isEqualTo(needsConntrack);
    assertThat(only(ruleset).needsConntrack()).isEqualTo(needsConntrack);
    assertThat(sharesState(only(ruleset))).as("shared state").isEqualTo(sharesState);
  }

  @Test
  void withoutTablesNothingIsNeeded() {
    Ruleset empty = Ruleset.empty(IpFamily.IPV4);
    assertThat(empty.needsConntrack()).isFalse();
    assertThat(empty.tables()).isEmpty();
    assertThat(empty.table(TableName.NAT)).isEmpty();
  }
}
