package dev.packetpath.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IpPrefixTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "0.0.0.0/0, 255.1.2.3, true",
    "0.0.0.0/0, ::1, false",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.2, false",
    "fd00::/64, fd00::ffff:ffff:ffff:ffff, true",
    "fd00::/64, fd00:0:0:1::, false",
    "fd00::8000:0:0:0/65, fd00::8000:0:0:1, true",
    "fd00::8000:0:0:0/65, fd00::1, false",
    "::/0, ffff::, true",
    "fd00::1/128, fd00::1, true",
    "fd00::1/128, fd00::2, false",
  })
  void containsTheAddressesUnderItsMask(String prefix, String address, boolean contained) {
    assertThat(IpPrefix.parse(prefix).contains(IpAddress.parse(address))).isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "fd00::1/64", "/8"})
  void refusesWhatIsNoPrefix(String text) {
    assertThatThrownBy(() -> IpPrefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void clearsHostBitsOnDemand() {
    assertThat(IpPrefix.of(IpAddress.parse("10.1.2.3"), 12)).hasToString("10.0.0.0/12");
    assertThat(IpPrefix.of(IpAddress.parse("fd00::1:2:3:4"), 80)).hasToString("fd00::1:0:0:0/80");
  }
}
