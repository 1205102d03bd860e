package dev.packetpath.iptables.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.Ruleset;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;

/** What iptables-restore 1.8.9 does when one rule loads a match twice. */
final class RepeatedMatchTest {
  @Test
  void theSecondOfTwoNeighboursGetsItsOwnOptions() throws IOException {
    String rule = "-m mark --mark 0x1 -m mark --mark 0x2 -j ACCEPT";
    assertThat(SavePrinter.toText(read(rule), false)).contains("-A INPUT " + rule + "\n");
  }

  @Test
  void anOptionThatAMatchInBetweenHasTooGoesToThatMatch() {
    assertThatThrownBy(
            () -> read("-m mark --mark 0x1 -m connmark --mark 0x2 -m mark --mark 0x3 -j ACCEPT"))
        .hasMessage("rules:2:67: found a second --mark, expected it at most once in connmark");
  }

  private static Ruleset read(String rule) throws IOException {
    return RestoreParser.parse(
        "rules", IpFamily.IPV4, new StringReader("*filter\n-A INPUT " + rule + "\nCOMMIT\n"));
  }
}
