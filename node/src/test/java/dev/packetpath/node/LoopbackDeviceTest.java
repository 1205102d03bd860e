package dev.packetpath.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.CharSource;
import dev.packetpath.core.net.IpAddress;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ip -j address}, {@code ip -j -4 address} and {@code ip -j -6 address} tell of lo. */
final class LoopbackDeviceTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"flags\":[\"LOOPBACK\",\"UP\",\"LOWER_UP\"],\"link_type\":\"loopback\"",
        "\"flags\":[\"LOOPBACK\",\"UP\",\"LOWER_UP\"]",
        "\"link_type\":\"loopback\""
      })
  void isKnownByItsTypeOrItsFlags(String told) throws IOException {
    String text =
        "[{\"ifindex\":1,\"ifname\":\"lo\","
            + told
            + ",\"addr_info\":[{\"family\":\"inet\",\"local\":\"127.0.0.1\",\"prefixlen\":8}]}]";
    NodeSnapshot snapshot =
        SnapshotReader.read(ImmutableMap.of("addresses.json", CharSource.wrap(text)));
    assertThat(snapshot.network().device("lo").loopback()).isTrue();
    assertThat(
            snapshot
                .network()
                .addressType(IpAddress.parse("127.0.0.1"), snapshot.network().device("lo")))
        .hasToString("LOCAL");
  }
}
