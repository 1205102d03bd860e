package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoutingRuleTest {
  private static final Device ETH0 = Device.ethernet("eth0", 2);
  private static final Device ETH1 = Device.ethernet("eth1", 3);

  private static RoutingRule rule(
      boolean inverted,
      String from,
      String to,
      int mark,
      int mask,
      String in,
      String out,
      int tos) {
    return RoutingRule.builder(100)
        .inverted(inverted)
        .from(prefix(from))
        .to(prefix(to))
        .mark(mark, mask)
        .in(in)
        .out(out)
        .tos(tos)
        .build();
  }

  private static Optional<IpPrefix> prefix(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(IpPrefix.parse(text));
  }

  /** A packet from 10.0.1.5 to 10.0.2.5 with mark 6 and TOS 0x1b. */
  private static RouteQuery query(Device in, Device out) {
    return new RouteQuery(
        IpAddress.parse("10.0.2.5"), IpAddress.parse("10.0.1.5"), 0x1b, 6, in, out);
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', 0, 0, '', '', 0, true",
    "10.0.1.0/24, '', 0, 0, '', '', 0, true",
    "10.0.2.0/24, '', 0, 0, '', '', 0, false",
    "'', 10.0.2.0/24, 0, 0, '', '', 0, true",
    "'', 10.0.1.0/24, 0, 0, '', '', 0, false",
    "'', '', 6, -1, '', '', 0, true",
    "'', '', 7, -1, '', '', 0, false",
    "'', '', 7, 6, '', '', 0, true",
    "'', '', 0, 0, eth0, '', 0, true",
    "'', '', 0, 0, eth1, '', 0, false",
    "'', '', 0, 0, '', eth1, 0, true",
    "'', '', 0, 0, '', eth0, 0, false",
    "'', '', 0, 0, '', '', 0x18, true",
    "'', '', 0, 0, '', '', 0x10, false"
  })
  void everythingThatIsAskedMustHold(
      String from,
      String to,
      int mark,
      int mask,
      String in,
      String out,
      String tos,
      boolean holds) {
    int type = Integer.decode(tos);
    assertThat(rule(false, from, to, mark, mask, in, out, type).selects(query(ETH0, ETH1)))
        .isEqualTo(holds);
    assertThat(rule(true, from, to, mark, mask, in, out, type).selects(query(ETH0, ETH1)))
        .isEqualTo(!holds);
  }

  @Test
  void whatThisHostSendsComesInByLoopback() {
    assertThat(rule(false, "", "", 0, 0, "lo", "", 0).selects(query(Device.NONE, ETH1))).isTrue();
    assertThat(rule(false, "", "", 0, 0, "eth0", "", 0).selects(query(Device.NONE, ETH1)))
        .isFalse();
  }

  @Test
  void hostsAskTheLocalTableThenTheMainOneAndForIpv4TheDefaultOne() {
    assertThat(RoutingRule.defaults(IpFamily.IPV4))
        .extracting(RoutingRule::table)
        .containsExactly(255L, 254L, 253L);
    assertThat(RoutingRule.defaults(IpFamily.IPV6))
        .extracting(RoutingRule::priority)
        .containsExactly(0L, 32766L);
  }

  @ParameterizedTest
  @CsvSource({
    "6, 0, 0, 0, 0, true",
    "17, 0, 0, 0, 0, false",
    "6, 1000, 1000, 0, 0, true",
    "0, 999, 1001, 80, 80, true",
    "0, 1001, 1002, 0, 0, false",
    "0, 0, 0, 81, 90, false"
  })
  void theTransportHeaderMayBeAskedFor(
      int protocol, int sportFrom, int sportTo, int dportFrom, int dportTo, boolean holds) {
    RoutingRule rule =
        RoutingRule.builder(100)
            .flow(
                new FlowSelector(
                    protocol,
                    new FlowSelector.Ports(sportFrom, sportTo),
                    new FlowSelector.Ports(dportFrom, dportTo)))
            .build();
    Packet tcp =
        new Packet()
            .addresses(IpAddress.parse("10.0.1.5"), IpAddress.parse("10.0.2.5"))
            .protocol(IpProtocol.TCP)
            .ports(1000, 80);
    assertThat(rule.selects(RouteQuery.of(tcp, ETH0))).isEqualTo(holds);
    tcp.addresses(tcp.destination(), tcp.source()).ports(80, 1000);
    assertThat(rule.selects(RouteQuery.back(tcp, ETH0, 0))).isEqualTo(holds);
  }

  @Test
  void ipv6ComparesAllOfTheTrafficClassButItsTwoLastBits() {
    RoutingRule expedited = rule(false, "", "", 0, 0, "", "", 0xb8);
    IpAddress to = IpAddress.parse("fd00::1");
    IpAddress any = IpAddress.ANY_V6;
    assertThat(expedited.selects(new RouteQuery(to, any, 0xb9, 0, ETH0, Device.NONE))).isTrue();
    assertThat(expedited.selects(new RouteQuery(to, any, 0x38, 0, ETH0, Device.NONE))).isFalse();
  }
}
