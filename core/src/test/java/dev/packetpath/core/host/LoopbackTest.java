package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When what a host sends to itself comes in. */
final class LoopbackTest {
  private static final Device ETH0 = Device.ethernet("eth0", 2);
  private static final Network NETWORK =
      ConfiguredNetwork.builder()
          .device(Device.lo())
          .device(ETH0)
          .addressWithRoutes(DeviceAddress.of(Device.lo(), "127.0.0.1/8"))
          .addressWithRoutes(DeviceAddress.of(ETH0, "10.0.1.1/24"))
          .build();
  private static final int COPIED = 1;
  private static final int COPY = 2;

  private final Host host = Host.builder(NETWORK).build();
  private final List<String> way = new ArrayList<>();

  @BeforeEach
  void recordTheWay() {
    for (Hook hook : Hook.values()) {
      host.hooks().register(IpFamily.IPV4, hook, -5, "copier", this::copy);
      host.hooks()
          .register(IpFamily.IPV4, hook, 5, "recorder", (packet, state) -> record(packet, state));
    }
  }

  /** Sends a copy to this host. */
  private Verdict copy(Packet packet, HookState state) {
    if (packet.mark() == COPIED && state.hook() != Hook.POSTROUTING) {
      packet.mark(0);
      Packet copy = packet.copy().mark(COPY);
      host.sendCopy(copy, state.in(), host.network().route(toThisHost()), "copier");
      way.add("function ends");
    }
    return Verdict.ACCEPT;
  }

  private static RouteQuery toThisHost() {
    return RouteQuery.of(packet("10.0.1.1", "10.0.1.1"), Device.NONE);
  }

  private Verdict record(Packet packet, HookState state) {
    way.add((packet.mark() == COPY ? "copy " : "") + state.hook());
    return Verdict.ACCEPT;
  }

  private static Packet packet(String source, String destination) {
    return new Packet().addresses(IpAddress.parse(source), IpAddress.parse(destination));
  }

  @Test
  void aCopyOfAReceivedPacketComesInWhenThatOneIsDone() {
    host.receive(packet("10.0.1.7", "10.0.1.1").mark(COPIED), ETH0);
    assertThat(way)
        .containsExactly(
            "copy OUTPUT",
            "copy POSTROUTING",
            "function ends",
            "PREROUTING",
            "INPUT",
            "copy PREROUTING",
            "copy INPUT");
  }

  @Test
  void aCopyOfASentPacketComesInWhenTheFunctionEnds() {
    host.send(packet("10.0.1.1", "10.0.1.7").mark(COPIED));
    assertThat(way)
        .containsExactly(
            "copy OUTPUT",
            "copy POSTROUTING",
            "function ends",
            "copy PREROUTING",
            "copy INPUT",
            "OUTPUT",
            "POSTROUTING");
  }

  /** What comes in over loopback is copied to this host again, once or several times. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void packetsThatGoRoundWithoutEndAreDropped(int copies) {
    int[] arrivals = {0};
    host.hooks()
        .register(
            IpFamily.IPV4,
            Hook.PREROUTING,
            0,
            "echo",
            (packet, state) -> {
              arrivals[0]++;
              for (int i = 0; i < copies; i++) {
                host.sendCopy(
                    packet.copy(), state.in(), host.network().route(toThisHost()), "echo");
              }
              return Verdict.ACCEPT;
            });
    host.receive(packet("10.0.1.7", "10.0.1.1"), ETH0);
    assertThat(arrivals[0]).isEqualTo(1 + Backlog.MOST_ARRIVALS);
    way.clear();
    host.hooks().unregister(IpFamily.IPV4, Hook.PREROUTING, "echo");
    host.receive(packet("10.0.1.7", "10.0.1.8"), ETH0);
    assertThat(way).as("the next packet").containsExactly("PREROUTING", "FORWARD", "POSTROUTING");
  }

  @Test
  void noMorePacketsWaitThanMay() {
    List<String> drops = new ArrayList<>();
    List<Packet> arrived = new ArrayList<>();
    Backlog backlog = new Backlog(1, (packet, in) -> arrived.add(packet), drops::add);
    backlog.hold();
    for (int i = 0; i < 4; i++) {
      backlog.add(new Packet(), ETH0);
    }
    backlog.release(false);
    assertThat(arrived).as("as many as may wait, and one").hasSize(2);
    assertThat(drops).hasSize(2).containsOnly("more than 1 packets wait for loopback");
  }
}
