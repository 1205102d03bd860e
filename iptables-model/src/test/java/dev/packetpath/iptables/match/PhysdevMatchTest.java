package dev.packetpath.iptables.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;

/** Bridged packets, which the recorded kernel vectors do not hold. */
class PhysdevMatchTest {
  private final MatchLab lab = new MatchLab();

  private boolean holds(String options, String in, String out) {
    Packet packet = MatchLab.udp("10.0.0.1", "10.0.0.2").bridgePorts(in, out);
    return lab.holds(lab.load("-m physdev " + options), packet);
  }

  @Test
  void aBridgedPacketHasBothPorts() {
    assertThat(holds("--physdev-is-bridged", "veth1", "veth2")).isTrue();
    assertThat(holds("! --physdev-is-bridged", "veth1", "veth2")).isFalse();
    assertThat(holds("--physdev-in veth+ --physdev-out veth2", "veth1", "veth2")).isTrue();
    assertThat(holds("! --physdev-in veth1", "veth1", "veth2")).isFalse();
    assertThat(holds("--physdev-is-in --physdev-is-out", "veth1", "veth2")).isTrue();
  }

  @Test
  void aPacketRoutedOffABridgeHasNoPortOut() {
    assertThat(holds("--physdev-is-bridged", "veth1", "")).isFalse();
    assertThat(holds("! --physdev-is-bridged --physdev-in veth1", "veth1", "")).isTrue();
    assertThat(holds("--physdev-is-out", "veth1", "")).isFalse();
    assertThat(holds("! --physdev-is-out", "veth1", "")).isTrue();
  }

  @Test
  void anUnknownPortOutNeverMatchesButAnUnknownPortInAlwaysDoes() {
    assertThat(holds("! --physdev-out veth2", "veth1", "")).isFalse();
    assertThat(holds("--physdev-in veth1", "", "veth2")).isTrue();
  }
}
