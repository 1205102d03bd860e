package dev.packetpath.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpAddressTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1",
    "255.255.255.255, 255.255.255.255",
    "::, ::",
    "::1, ::1",
    "FD00:0:0::1, fd00::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "::ffff:10.0.0.1, ::ffff:10.0.0.1",
    "::10.0.0.1, ::10.0.0.1",
  })
  void printsAsInetNtopDoes(String text, String printed) {
    assertThat(IpAddress.parse(text)).hasToString(printed);
    assertThat(IpAddress.parse(printed)).isEqualTo(IpAddress.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.1.2",
        "10..0.1",
        "1000.0.0.1",
        "example.org",
        "fe80::1%eth0",
        ":::",
        "10.0.0.1/8"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThat(IpAddress.isAddress(text)).isFalse();
    assertThatThrownBy(() -> IpAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(text);
  }

  @Test
  void keepsAnIpv4MappedAddressInIpv6() {
    IpAddress mapped = IpAddress.parse("::ffff:192.0.2.1");
    assertThat(mapped.family()).isEqualTo(IpFamily.IPV6);
    assertThat(mapped.low()).isEqualTo(0xffff_c000_0201L);
  }

  @Test
  void ordersUnsignedAndIpv4First() {
    assertThat(IpAddress.parse("9.0.0.0")).isLessThan(IpAddress.parse("200.0.0.0"));
    assertThat(IpAddress.parse("255.0.0.0")).isLessThan(IpAddress.parse("::"));
    assertThat(IpAddress.parse("7fff::")).isLessThan(IpAddress.parse("8000::"));
    assertThat(IpAddress.parse("::7fff:0:0:0")).isLessThan(IpAddress.parse("::8000:0:0:0"));
  }

  @Test
  void tellsLoopbackGroupsAndBroadcast() {
    assertThat(IpAddress.parse("127.1.2.3").isLoopback()).isTrue();
    assertThat(IpAddress.parse("128.0.0.1").isLoopback()).isFalse();
    assertThat(IpAddress.parse("::1").isLoopback()).isTrue();
    assertThat(IpAddress.parse("::2").isLoopback()).isFalse();
    assertThat(IpAddress.parse("224.0.0.1").isMulticast()).isTrue();
    assertThat(IpAddress.parse("240.0.0.1").isMulticast()).isFalse();
    assertThat(IpAddress.parse("ff02::1").isMulticast()).isTrue();
    assertThat(IpAddress.parse("fe02::1").isMulticast()).isFalse();
    assertThat(IpAddress.parse("255.255.255.255").isLimitedBroadcast()).isTrue();
    assertThat(IpAddress.parse("255.255.255.254").isLimitedBroadcast()).isFalse();
  }

  @Test
  void refusesMoreThan32BitsInIpv4() {
    assertThatThrownBy(() -> new IpAddress(IpFamily.IPV4, 0, 1L << 32))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new IpAddress(IpFamily.IPV4, 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPortStandsBehindBracketsInIpv6() {
    assertThat(IpAddress.parse("10.0.0.1").withPort(80)).isEqualTo("10.0.0.1:80");
    assertThat(IpAddress.parse("fd00::1").withPort(0)).isEqualTo("[fd00::1]:0");
  }
}
