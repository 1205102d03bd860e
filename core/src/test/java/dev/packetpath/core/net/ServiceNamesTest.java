package dev.packetpath.core.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServiceNamesTest {
  @Test
  void aServiceHasItsPortOverItsProtocolsOnly() {
    assertThat(ServiceNames.find("domain", IpProtocol.TCP)).isEqualTo(53);
    assertThat(ServiceNames.find("domain", IpProtocol.UDP)).isEqualTo(53);
    assertThat(ServiceNames.find("ssh", IpProtocol.TCP)).isEqualTo(22);
    assertThat(ServiceNames.find("ssh", IpProtocol.UDP)).isEqualTo(ServiceNames.UNKNOWN);
    assertThat(ServiceNames.find("ntp", IpProtocol.TCP)).isEqualTo(ServiceNames.UNKNOWN);
    assertThat(ServiceNames.find("ntp", IpProtocol.UDP)).isEqualTo(123);
    assertThat(ServiceNames.find("domain", IpProtocol.SCTP)).isEqualTo(ServiceNames.UNKNOWN);
  }

  @Test
  void withoutAProtocolAnyWillDo() {
    assertThat(ServiceNames.find("tftp")).isEqualTo(69);
    assertThat(ServiceNames.find("imap")).isEqualTo(143);
    assertThat(ServiceNames.find("no-such-service")).isEqualTo(ServiceNames.UNKNOWN);
  }
}
