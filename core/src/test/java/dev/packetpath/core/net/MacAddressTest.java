package dev.packetpath.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class MacAddressTest {
  @Test
  void readsAndPrintsSixBytes() {
    assertThat(MacAddress.parse("02:0A:b:00:ff:1")).hasToString("02:0a:0b:00:ff:01");
    assertThat(MacAddress.parse("02:00:00:00:00:01").bits()).isEqualTo(0x0200_0000_0001L);
  }

  @Test
  void refusesAnythingElse() {
    assertThatThrownBy(() -> MacAddress.parse("02:00:00:00:01"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MacAddress.parse("02:00:00:00:00:0g"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MacAddress(1L << 48)).isInstanceOf(IllegalArgumentException.class);
  }
}
