package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.host.Host;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.syntax.SavePrinter;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** One program in several hosts. */
final class SharedProgramTest {
  private static final String RULES =
      """
      *filter
      :INPUT DROP [7:700]
      :FORWARD ACCEPT [0:0]
      :OUTPUT ACCEPT [0:0]
      :SERVICES - [0:0]
      [5:500] -A INPUT -j SERVICES
      [0:0] -A INPUT -p udp -j ACCEPT
      [0:0] -A SERVICES -p tcp -m statistic --mode nth --every 2 --packet 0 -j ACCEPT
      COMMIT
      """;

  @Test
  void countsOfHostsAddUpAndWhatRulesRememberIsEachHostsOwn() throws IOException {
    RulesetProgram program = RulesetProgram.compile(FilterLab.parse(RULES));
    Host first = FilterLab.host();
    Iptables one = FilterLab.attach(first, program, Walk.COMPILED);
    Host second = FilterLab.host();
    Iptables two = FilterLab.attach(second, program, Walk.COMPILED);
    for (int i = 0; i < 3; i++) {
      first.receive(packet(6), FilterLab.ETH0);
    }
    second.receive(packet(6), FilterLab.ETH0);
    second.receive(packet(17), FilterLab.ETH0);

    one.addCounters(two);

    assertThat(SavePrinter.toText(one.snapshot(), true))
        .contains(":INPUT DROP [8:740]")
        .contains("[10:688] -A INPUT -j SERVICES")
        .contains("[1:28] -A INPUT -p udp -j ACCEPT")
        .contains("[3:120] -A SERVICES -p tcp");
    LoadedTable filter = one.table(TableName.FILTER).orElseThrow();
    assertThat(filter.rulesEvaluated()).isEqualTo(12);
    assertThat(filter.evaluated("INPUT")).containsExactly(5, 2);
    assertThat(filter.endReached("SERVICES")).isEqualTo(2);
    assertThat(filter.counted("SERVICES", 1)).isEqualTo(new Counters(3, 120));
    assertThat(two.table(TableName.FILTER).orElseThrow().rulesEvaluated()).isEqualTo(5);
  }

  @Test
  void countsOfAnotherProgramAreRefused() throws IOException {
    Iptables one =
        FilterLab.attach(
            FilterLab.host(), RulesetProgram.compile(FilterLab.parse(RULES)), Walk.COMPILED);
    Iptables two =
        FilterLab.attach(
            FilterLab.host(), RulesetProgram.compile(FilterLab.parse(RULES)), Walk.COMPILED);

    assertThatThrownBy(() -> one.addCounters(two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("counters of another program of table filter");
  }

  @Test
  void aProgramKnowsWhatItWasMadeFrom() throws IOException {
    assertThat(RulesetProgram.compile(FilterLab.parse(RULES)).ruleset())
        .isEqualTo(FilterLab.parse(RULES));
  }

  private static Packet packet(int protocol) {
    return new Packet()
        .addresses(IpAddress.parse("10.0.0.2"), IpAddress.parse("10.0.0.1"))
        .protocol(protocol)
        .ports(1000, 80);
  }
}
