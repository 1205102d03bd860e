package dev.packetpath.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookFunction;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.testing.TwoLinks;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BurstTest {
  private final List<String> seen = new ArrayList<>();
  private final Host host = Host.builder(TwoLinks.network().build()).build();

  @Test
  void aFunctionLooksAheadAtSixteenPacketsBeforeTheFirstOfThemComes() {
    host.hooks().register(IpFamily.IPV4, Hook.PREROUTING, 0, "first", new Recorder());
    host.receive(packets(18), TwoLinks.ETH0);

    assertThat(seen).hasSize(20);
    assertThat(seen.subList(0, 2))
        .containsExactly("ahead 1000 to 1015 PREROUTING eth0", "1000 PREROUTING eth0");
    assertThat(seen.subList(16, 20))
        .containsExactly(
            "1015 PREROUTING eth0",
            "ahead 1016 to 1017 PREROUTING eth0",
            "1016 PREROUTING eth0",
            "1017 PREROUTING eth0");
  }

  @Test
  void nobodyLooksAheadAtAPacketByItself() {
    host.hooks().register(IpFamily.IPV4, Hook.PREROUTING, 0, "first", new Recorder());
    host.receive(packets(1).get(0), TwoLinks.ETH0);

    assertThat(seen).containsExactly("1000 PREROUTING eth0");
  }

  @Test
  void noPacketsAreNoBurst() {
    host.hooks().register(IpFamily.IPV4, Hook.PREROUTING, 0, "first", new Recorder());
    host.receive(List.of(), TwoLinks.ETH0);

    assertThat(seen).isEmpty();
  }

  @Test
  void functionsDoNotLookAheadAtPacketsThatAllGoPastThem() {
    host.hooks().register(IpFamily.IPV4, Hook.PREROUTING, 0, "first", new Recorder());
    for (boolean takesAll : List.of(true, false)) {
      seen.clear();
      host.fastPath(new Looker(takesAll));
      host.receive(packets(2), TwoLinks.ETH0);

      assertThat(seen.subList(0, 2))
          .containsExactly(
              "path ahead 1000 to 1001",
              takesAll ? "1000 PREROUTING eth0" : "ahead 1000 to 1001 PREROUTING eth0");
    }
  }

  private static List<Packet> packets(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Packet()
                    .addresses(IpAddress.parse("10.0.1.7"), IpAddress.parse("10.0.2.7"))
                    .ports(1_000 + i, 80))
        .toList();
  }

  /** Notes what it looks ahead at, and takes nothing. */
  private final class Looker implements FastPath {
    private final boolean takesAll;

    Looker(boolean takesAll) {
      this.takesAll = takesAll;
    }

    @Override
    public RecordedPath take(Packet packet, Device in) {
      return RecordedPath.NONE;
    }

    @Override
    public boolean lookAhead(List<Packet> burst, int from, int end) {
      int last = burst.get(end - 1).sourcePort();
      seen.add("path ahead " + burst.get(from).sourcePort() + " to " + last);
      return takesAll;
    }

    @Override
    public void recorded(Packet packet, RecordedPath path) {}

    @Override
    public void notRecorded() {}
  }

  /** Notes what it sees. */
  private final class Recorder implements HookFunction {
    @Override
    public Verdict run(Packet packet, HookState state) {
      seen.add(packet.sourcePort() + where(state));
      return Verdict.ACCEPT;
    }

    @Override
    public void lookAhead(List<Packet> burst, int from, int end, HookState state) {
      int first = burst.get(from).sourcePort();
      int last = burst.get(end - 1).sourcePort();
      seen.add("ahead " + first + " to " + last + where(state));
    }

    private static String where(HookState state) {
      return " " + state.hook() + " " + state.in().name();
    }
  }
}
