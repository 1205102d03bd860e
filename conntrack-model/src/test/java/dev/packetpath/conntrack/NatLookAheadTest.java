package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.tcp;
import static dev.packetpath.conntrack.Router.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Chains of nat are told of those packets of a burst that they will probably be asked about. */
final class NatLookAheadTest {
  private final List<Packet> told = new ArrayList<>();
  private final Router router = new Router().chain(Hook.PREROUTING, new Listener());

  @Test
  void tcpSegmentsWithoutASynAloneAreLeftOut() {
    Packet opening = tcp("10.0.1.5", 1000, "10.0.2.5", 80, "S");
    Packet later = tcp("10.0.1.5", 1001, "10.0.2.5", 80, "A");
    Packet answer = tcp("10.0.1.5", 1002, "10.0.2.5", 80, "SA");
    Packet query = udp("10.0.1.5", 1000, "10.0.2.5", 53);
    router.host.receive(List.of(opening, later, answer, query), Router.ETH0);

    assertThat(told).containsExactly(opening, query);
  }

  @Test
  void nothingIsToldWhereAllAreLeftOut() {
    router.host.receive(List.of(tcp("10.0.1.5", 1001, "10.0.2.5", 80, "A")), Router.ETH0);

    assertThat(told).isEmpty();
  }

  /** Keeps what it is told of. */
  private final class Listener implements HookFunction {
    @Override
    public Verdict run(Packet packet, HookState state) {
      return Verdict.ACCEPT;
    }

    @Override
    public void lookAhead(List<Packet> burst, int from, int end, HookState state) {
      told.addAll(burst.subList(from, end));
    }
  }
}
