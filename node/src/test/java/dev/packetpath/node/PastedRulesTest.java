package dev.packetpath.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Ruleset;
import dev.packetpath.iptables.syntax.ReadNote;
import dev.packetpath.iptables.syntax.SavePrinter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PastedRulesTest {
  private final List<ReadNote> notes = new ArrayList<>();

  private Ruleset read(String text) {
    return PastedRules.read("paste", IpFamily.IPV4, text, notes::add);
  }

  @Test
  void aWholeTextIsReadAsItIs() {
    String whole = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\nCOMMIT\n";

    assertThat(SavePrinter.toText(read(whole), false))
        .contains(":INPUT ACCEPT [0:0]\n", "-A INPUT -j DROP\n");
    assertThat(notes).isEmpty();
  }

  @Test
  void aTableAndItsChainsAreAddedToAnExcerpt() {
    Ruleset ruleset =
        read("  -A PREROUTING -j KUBE-SERVICES\n-A KUBE-SERVICES -p udp -j KUBE-SVC-X");

    assertThat(SavePrinter.toText(ruleset, false))
        .startsWith("*nat\n")
        .contains("-A PREROUTING -j KUBE-SERVICES\n-A KUBE-SERVICES -p udp -j KUBE-SVC-X\n");
    assertThat(notes)
        .extracting(ReadNote::toString)
        .containsExactly(
            "paste:1:1: no table: taken as nat",
            "paste:1:1: chain PREROUTING is not declared: its policy is taken as ACCEPT",
            "paste:2:1: chain KUBE-SVC-X is not in the text: taken as empty");
  }

  @Test
  void whatIptablesDashSPrintsIsRead() {
    Ruleset ruleset = read("-P INPUT DROP\n-N LIMITS\n-A INPUT -j LIMITS\n-A LIMITS -j RETURN\n");

    assertThat(SavePrinter.toText(ruleset, false))
        .contains("*filter\n", ":INPUT DROP [0:0]\n", ":LIMITS - [0:0]\n");
    assertThat(notes).hasSize(1);
  }

  @Test
  void aMissingCommitIsAdded() {
    assertThat(read("*filter\n:INPUT DROP [0:0]\n-A INPUT -j ACCEPT").tables()).hasSize(1);
    assertThat(notes)
        .extracting(ReadNote::text)
        .containsExactly("COMMIT was added behind this line");
  }

  @Test
  void linesMayEndInCrLf() {
    String dos = "*filter\r\n:INPUT DROP [0:0]\r\n-A INPUT -p tcp -j ACCEPT\r\nCOMMIT\r\n";

    assertThat(SavePrinter.toText(read(dos), false))
        .contains(":INPUT DROP [0:0]\n", "-A INPUT -p tcp -j ACCEPT\nCOMMIT\n");
    assertThat(notes)
        .extracting(ReadNote::text)
        .containsExactly("lines that end in CR LF were read without the CR");
  }

  @Test
  void rulesAndErrorsKeepTheLinesOfThePaste() {
    Ruleset ruleset = read("# pasted\n\n-A INPUT -j DROP\n");

    assertThat(ruleset.tables().get(0).chains())
        .flatExtracting(chain -> chain.rules())
        .extracting(rule -> rule.line())
        .containsExactly(3);
    assertThatThrownBy(() -> read("# pasted\n\n-A INPUT -s 1.2.3.400 -x\n"))
        .hasMessageStartingWith("paste:3:");
  }
}
