package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.packetpath.core.net.IpFamily;
import org.junit.jupiter.api.Test;

class IcmpErrorTest {
  @Test
  void typesAndCodesAreThoseOfTheRfcs() {
    assertThat(IcmpError.portUnreachable(IpFamily.IPV4)).isEqualTo(new IcmpError(3, 3, 0));
    assertThat(IcmpError.portUnreachable(IpFamily.IPV6)).isEqualTo(new IcmpError(1, 4, 0));
    assertThat(IcmpError.unreachable(IpFamily.IPV4, 13)).isEqualTo(new IcmpError(3, 13, 0));
    assertThat(IcmpError.unreachable(IpFamily.IPV6, 1)).isEqualTo(new IcmpError(1, 1, 0));
    assertThat(IcmpError.timeExceeded(IpFamily.IPV4)).isEqualTo(new IcmpError(11, 0, 0));
    assertThat(IcmpError.timeExceeded(IpFamily.IPV6)).isEqualTo(new IcmpError(3, 0, 0));
    assertThat(IcmpError.tooLong(IpFamily.IPV4, 1400)).isEqualTo(new IcmpError(3, 4, 1400));
    assertThat(IcmpError.tooLong(IpFamily.IPV6, 1400)).isEqualTo(new IcmpError(2, 0, 1400));
  }

  @Test
  void anErrorAboutTheLengthIsToldFromOthersOfItsType() {
    assertThat(IcmpError.tooLong(IpFamily.IPV4, 1400).isTooLong(IpFamily.IPV4)).isTrue();
    assertThat(IcmpError.portUnreachable(IpFamily.IPV4).isTooLong(IpFamily.IPV4)).isFalse();
    assertThat(IcmpError.tooLong(IpFamily.IPV6, 1400).isTooLong(IpFamily.IPV6)).isTrue();
    assertThat(IcmpError.portUnreachable(IpFamily.IPV6).isTooLong(IpFamily.IPV6)).isFalse();
  }

  @Test
  void aTypeOrCodeOfMoreThanAByteIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IcmpError(256, 0, 0))
        .withMessageContaining("256");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IcmpError(3, -1, 0))
        .withMessageContaining("-1");
  }
}
