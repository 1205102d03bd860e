package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstRunTest {
  private static final HookState STATE = new HookState(Hook.FORWARD, Router.ETH0, Router.ETH1);

  private final FirstRun run =
      new FirstRun(
          STATE,
          IpFamily.IPV4,
          1,
          ConnectionStatus.DST_NAT,
          2,
          false,
          Optional.empty(),
          new Router().host.recording().counted(ImmutableList.of()));

  private static Packet packet() {
    return Router.udp("10.0.1.5", 1000, "10.0.2.9", 80).mark(1);
  }

  @Test
  void aKindIsToldByAllThatFunctionsGoBy() {
    int translated = ConnectionStatus.DST_NAT;
    assertThat(run.isOf(packet(), Router.ETH0, Router.ETH1, translated)).isTrue();
    assertThat(run.isOf(packet().mark(2), Router.ETH0, Router.ETH1, translated)).isFalse();
    assertThat(run.isOf(packet(), Router.ETH0, Router.ETH1, 0)).isFalse();
    assertThat(run.isOf(packet(), Router.ETH1, Router.ETH1, translated)).isFalse();
    assertThat(run.isOf(packet(), Router.ETH0, Router.ETH0, translated)).isFalse();
    Packet v6 = packet().addresses(IpAddress.parse("fd00::5"), IpAddress.parse("fd00::9"));
    assertThat(run.isOf(v6, Router.ETH0, Router.ETH1, translated)).isFalse();
  }
}
