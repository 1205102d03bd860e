package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.net.IpAddress;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OwnAddressesTest {
  private static final int FIRST = 0x0a60_0001;
  private static final int UPPER_HALF = 0xc0a8_0001;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 10_000})
  void eachIsFoundAndHardlyAnyOther(int count) {
    OwnAddresses own =
        OwnAddresses.of(
            IntStream.range(FIRST, FIRST + count).mapToObj(OwnAddressesTest::ofDevice).toList());

    assertThat(LongStream.range(FIRST, FIRST + count).allMatch(own::mayHave)).isTrue();
    long others = LongStream.range(0x0a80_0000, 0x0a80_0000 + 100_000).filter(own::mayHave).count();
    assertThat(others).isLessThan(5_000);
  }

  @Test
  void addressesOfBothFamiliesAreFound() {
    DeviceAddress wide = DeviceAddress.of(Device.ethernet("eth0", 2), "fd00::1:2/64");
    OwnAddresses own = OwnAddresses.of(List.of(wide, ofDevice(FIRST), ofDevice(UPPER_HALF)));

    assertThat(own.mayHave(IpAddress.parse("fd00::1:2").low())).isTrue();
    assertThat(own.mayHave(FIRST)).isTrue();
    assertThat(own.mayHave(IpAddress.ipv4(UPPER_HALF).low())).isTrue();
    assertThat(own.mayHave(FIRST + 1)).isFalse();
  }

  private static DeviceAddress ofDevice(int address) {
    return DeviceAddress.of(Device.ethernet("eth0", 2), IpAddress.ipv4(address) + "/16");
  }
}
