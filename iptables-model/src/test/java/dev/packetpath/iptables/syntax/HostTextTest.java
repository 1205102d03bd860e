package dev.packetpath.iptables.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.net.IpFamily;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources as iptables-restore 1.8.9 (legacy) took them and iptables-save wrote them. */
final class HostTextTest {
  private static String saved(String source) throws IOException {
    String text = "*filter\n-A INPUT -s " + source + " -j ACCEPT\nCOMMIT\n";
    return RestoreParser.parse("t", IpFamily.IPV4, new StringReader(text))
        .tables()
        .get(0)
        .chains()
        .stream()
        .flatMap(chain -> chain.rules().stream())
        .findFirst()
        .orElseThrow()
        .toString();
  }

  @ParameterizedTest
  @CsvSource({
    "10.1, 10.1.0.0/32",
    "10, 10.0.0.0/32",
    "10.256, 10.0.1.0/32",
    "010.1.1.1, 8.1.1.1/32",
    "0x10.1.1.1, 16.1.1.1/32",
    "1.2.3.255, 1.2.3.255/32",
    "1.2.65535, 1.2.255.255/32",
    "1.256, 1.0.1.0/32",
    "1.16777215, 1.255.255.255/32",
    "4294967295, 255.255.255.255/32",
    "1.2.3.04, 1.2.3.4/32",
    "1.2.3.0256, 1.2.3.174/32",
    "00.0.0.1, 0.0.0.1/32",
    "255.255.255.255, 255.255.255.255/32",
    "99.100.200.249, 99.100.200.249/32",
    "1.2.3.4/32, 1.2.3.4/32",
    "1.2.3.4/0x18, 1.2.3.0/24",
    "1.2.3.4/010, 1.0.0.0/8",
    "1.2.3.4/255.255.255.0, 1.2.3.0/24",
    "localhost, 127.0.0.1/32"
  })
  void anAddressIsReadPartByPart(String source, String address) throws IOException {
    assertThat(saved(source)).isEqualTo("-s " + address + " -j ACCEPT");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.2.3.256",
        "1.2.3.4.5",
        "1.2.65536",
        "1.16777216",
        "4294967296",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "300.1.1.1",
        "1.2.3.9x",
        "1.2.3.4/33",
        "1.2.3.4/08",
        "1.2.3.4/255.255"
      })
  void anythingElseIsRefused(String source) {
    assertThatThrownBy(() -> saved(source))
        .isInstanceOf(SyntaxException.class)
        .hasMessageStartingWith("t:2:13:");
  }

  /** The short way for addresses as people write them leaves all others to the general one. */
  @Test
  void thePlainWayTakesFourDecimalPartsAlone() {
    assertThat(HostText.plainIpv4("10.0.0.255", 10)).isEqualTo(0x0a0000ffL);
    assertThat(HostText.plainIpv4("0.0.0.0", 7)).isZero();
    assertThat(HostText.plainIpv4("255.255.255.255", 15)).isEqualTo(0xffff_ffffL);
    assertThat(HostText.plainIpv4("1.2.3.4/24", 7)).as("up to the end").isEqualTo(0x01020304L);
    for (String other :
        new String[] {
          "",
          "1.2.3",
          "1.2.3.",
          "1.2.3.4.",
          "1.2.3.4.5",
          ".1.2.3.4",
          "1..2.3",
          "1.2.3.256",
          "01.2.3.4",
          "1.2.3.00",
          "1.2.3.a",
          "1.2.3./",
          "1.2.3.:",
          "1.2.3.-4",
          "999.1.1.1"
        }) {
      assertThat(HostText.plainIpv4(other, other.length())).as(other).isEqualTo(-1);
    }
  }
}
