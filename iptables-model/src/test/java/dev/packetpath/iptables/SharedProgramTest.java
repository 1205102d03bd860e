package dev.packetpath.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.host.ConfiguredNetwork;
import dev.packetpath.core.host.Device;
import dev.packetpath.core.host.DeviceAddress;
import dev.packetpath.core.host.Host;
import dev.packetpath.core.host.Network;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.iptables.ipset.IpSets;
import dev.packetpath.iptables.syntax.RestoreParser;
import dev.packetpath.iptables.syntax.SavePrinter;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One program in several hosts. */
final class SharedProgramTest {
  private static final Device ETH0 = Device.ethernet("eth0", 2);
  private static final Network NETWORK =
      ConfiguredNetwork.builder()
          .device(Device.lo())
          .device(ETH0)
          .addressWithRoutes(DeviceAddress.of(ETH0, "10.0.0.1/24"))
          .build();
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
    RulesetProgram program = RulesetProgram.compile(rules());
    Host first = Host.builder(NETWORK).build();
    Iptables one = attach(first, program);
    Host second = Host.builder(NETWORK).build();
    Iptables two = attach(second, program);
    for (int i = 0; i < 3; i++) {
      first.receive(packet(6), ETH0);
    }
    second.receive(packet(6), ETH0);
    second.receive(packet(17), ETH0);

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
    Iptables one = attach(Host.builder(NETWORK).build(), RulesetProgram.compile(rules()));
    Iptables two = attach(Host.builder(NETWORK).build(), RulesetProgram.compile(rules()));

    assertThatThrownBy(() -> one.addCounters(two))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("counters of another program of table filter");
  }

  @Test
  void aProgramKnowsWhatItWasMadeFrom() throws IOException {
    assertThat(RulesetProgram.compile(rules()).ruleset()).isEqualTo(rules());
  }

  private static Iptables attach(Host host, RulesetProgram program) {
    IpSets sets = new IpSets(host.clock(), host.work());
    return Iptables.attach(host, program, sets, Optional.empty(), Walk.COMPILED);
  }

  private static Ruleset rules() throws IOException {
    return RestoreParser.parse("rules", IpFamily.IPV4, new StringReader(RULES));
  }

  private static Packet packet(int protocol) {
    return new Packet()
        .addresses(IpAddress.parse("10.0.0.2"), IpAddress.parse("10.0.0.1"))
        .protocol(protocol)
        .ports(1000, 80);
  }
}
