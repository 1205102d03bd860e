package dev.packetpath.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names as iptables 1.8.9 and ipset 7.17 took and refused them on Debian 12. */
class ProtocolNamesTest {
  @ParameterizedTest
  @CsvSource({
    "tcp, 6",
    "TCP, 6",
    "Tcp, 6",
    "ip, 0",
    "hopopt, 0",
    "icmpv6, 58",
    "mh, 135",
    "mptcp, 262"
  })
  void aRuleNamesAProtocolInAnyCase(String name, int number) {
    assertThat(ProtocolNames.numberOf(name)).hasValue(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"icmp6", "ipsec-esp", "IPSEC-ESP", "ospfigp", "cphb", "nosuch", ""})
  void aRuleNamesNoAlias(String name) {
    assertThat(ProtocolNames.numberOf(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "tcp, 6",
    "TCP, 6",
    "IPSEC-ESP, 50",
    "OSPFIGP, 89",
    "RSPF, 73",
    "CPHB, 73",
    "UDPLite, 136",
    "manet, 138",
    "IP, 0",
    "mptcp, 262",
    "MPTCP, 262"
  })
  void anAliasHasItsOwnCase(String name, int number) {
    assertThat(ProtocolNames.exactNumberOf(name)).hasValue(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Tcp", "OSPF", "UDPLITE", "ESP", "MANET", "icmpv6", "mh", "nosuch"})
  void anotherCaseIsNoAlias(String name) {
    assertThat(ProtocolNames.exactNumberOf(name)).isEmpty();
  }

  @Test
  void aNumberHasTheNameOfTheDatabase() {
    assertThat(ProtocolNames.nameOf(135)).isEqualTo("mobility-header");
    assertThat(ProtocolNames.nameOf(262)).isEqualTo("mptcp");
    assertThat(ProtocolNames.nameOf(0)).isEqualTo("0");
    assertThat(ProtocolNames.nameOf(200)).isEqualTo("200");
  }
}
