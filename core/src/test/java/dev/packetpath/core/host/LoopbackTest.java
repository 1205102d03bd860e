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
}
