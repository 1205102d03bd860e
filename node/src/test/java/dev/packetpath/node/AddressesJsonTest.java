package dev.packetpath.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.host.DeviceAddress;
import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What iproute2 6.1 prints of addresses. */
final class AddressesJsonTest {
  @ParameterizedTest
  @CsvSource({
    "'', false, false",
    "',\"secondary\":true', true, false",
    "',\"temporary\":true', true, false",
    "',\"deprecated\":true', false, true"
  })
  void flagsOfAddressesAreRead(String flags, boolean secondary, boolean deprecated)
      throws IOException {
    String text =
        "[{\"ifindex\":2,\"ifname\":\"eth0\",\"addr_info\":"
            + "[{\"family\":\"inet6\",\"local\":\"fd00::1\",\"prefixlen\":64"
            + flags
            + "}]}]";
    DeviceAddress address =
        AddressesJson.read("addresses.json", new StringReader(text)).addresses().get(0);
    assertThat(address.secondary()).isEqualTo(secondary);
    assertThat(address.deprecated()).isEqualTo(deprecated);
  }
}
