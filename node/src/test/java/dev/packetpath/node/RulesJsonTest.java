package dev.packetpath.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.host.FlowSelector;
import dev.packetpath.core.host.RoutingRule;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What iproute2 6.1 prints of rules. */
final class RulesJsonTest {
  private static final RoutingTables TABLES = new RoutingTables();

  private static RoutingRule rule(String fields) throws IOException {
    String text = "[{\"priority\":9,\"src\":\"all\"," + fields.replace('\'', '"') + "}]";
    return RulesJson.read("rules.json", new StringReader(text), TABLES).get(0);
  }

  @Test
  void protocolAndPortsAreRead() throws IOException {
    RoutingRule rule = rule("'ipproto':'tcp','sport_start':1,'sport_end':2,'dport':3,'table':'5'");
    assertThat(rule.flow())
        .isEqualTo(new FlowSelector(6, new FlowSelector.Ports(1, 2), new FlowSelector.Ports(3, 3)));
    assertThat(rule.table()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({"icmp, 1", "sctp, 132", "ipproto-200, 200", "ipv6-icmp, 58", "ospf, 89", "vrrp, 112"})
  void protocolsAreNamedOrNumbered(String protocol, int number) throws IOException {
    assertThat(rule("'ipproto':'" + protocol + "','table':'5'").flow().protocol())
        .isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource({"0x10, 16", "EF, 184", "AF11, 40", "CS7, 224"})
  void typesOfServiceAreNamedOrNumbered(String tos, int number) throws IOException {
    assertThat(rule("'tos':'" + tos + "','table':'5'").tos()).isEqualTo(number);
  }

  @Test
  void aRuleThatDoesNothingLooksNowhere() throws IOException {
    assertThat(rule("'nop':null").action()).isEqualTo(RoutingRule.Action.NOP);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'l3mdev':null",
        "'uid_start':1,'uid_end':4,'table':'7'",
        "'tun_id':7,'table':'8'",
        "'table':'9','suppress_ifgroup':'3'"
      })
  void whatIsNotModelledIsRefused(String fields) {
    assertThatThrownBy(() -> rule(fields))
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("rules.json:1:");
  }
}
