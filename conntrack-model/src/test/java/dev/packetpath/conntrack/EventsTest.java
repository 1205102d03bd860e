package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.conntrack.TableEvent.Change;
import dev.packetpath.conntrack.TableEvent.Kind;
import dev.packetpath.core.Hook;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lines that {@code conntrack -E -o extended} (1.4.7) printed on Linux 6.18 for these packets. */
class EventsTest {
  private static final String CLIENT = "10.0.1.5";
  private static final String SERVER = "10.2.0.5";
  private static final int MANGLE = -150;

  private final Router router = new Router();
  private final List<TableEvent> events = new ArrayList<>();

  @BeforeEach
  void listen() {
    router.conntrack.onEvent(events::add);
  }

  private String told() {
    StringBuilder text = new StringBuilder();
    events.forEach(event -> text.append(ConntrackText.print(event)).append('\n'));
    events.clear();
    return text.toString();
  }

  private void client(int port, String flags, int sequence, int acknowledgment) {
    router.fromEth0(segment(CLIENT, 1000, SERVER, port, flags, sequence, acknowledgment));
  }

  private void server(int port, String flags, int sequence, int acknowledgment) {
    router.fromEth1(segment(SERVER, port, CLIENT, 1000, flags, sequence, acknowledgment));
  }

  private static Packet segment(
      String source, int from, String destination, int to, String flags, int seq, int ack) {
    return Router.tcp(source, from, destination, to, flags)
        .tcpSequence(seq)
        .tcpAcknowledgment(ack)
        .tcpWindow(65_535);
  }

  /** Marks the connections of packets to a port, as CONNMARK does in mangle FORWARD. */
  private void mark(int port, ConnectionState state) {
    router.on(
        Hook.FORWARD,
        MANGLE,
        (packet, hook) -> {
          if (packet.destinationPort() == port && Router.state(packet) == state) {
            PacketConnection.connectionOf(packet).mark(7);
          }
          return Verdict.ACCEPT;
        });
  }

  @Test
  void connectionIsToldFromItsFirstPacketToItsReopening() {
    mark(80, ConnectionState.ESTABLISHED);
    client(80, "S", 100, 0);
    server(80, "SA", 500, 101);
    client(80, "A", 101, 501);
    client(80, "FA", 101, 501);
    server(80, "FA", 501, 102);
    client(80, "A", 102, 502);
    client(80, "S", 5000, 0);
    assertThat(told())
        .isEqualTo(
            """
                [NEW] ipv4     2 tcp      6 120 SYN_SENT src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=80 [UNREPLIED] src=10.2.0.5 dst=10.0.1.5 sport=80 dport=1000
             [UPDATE] ipv4     2 tcp      6 60 SYN_RECV src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=80 src=10.2.0.5 dst=10.0.1.5 sport=80 dport=1000
             [UPDATE] ipv4     2 tcp      6 432000 ESTABLISHED src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=80 src=10.2.0.5 dst=10.0.1.5 sport=80 dport=1000 [ASSURED] mark=7
             [UPDATE] ipv4     2 tcp      6 120 FIN_WAIT src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=80 src=10.2.0.5 dst=10.0.1.5 sport=80 dport=1000 [ASSURED] mark=7
             [UPDATE] ipv4     2 tcp      6 30 LAST_ACK src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=80 src=10.2.0.5 dst=10.0.1.5 sport=80 dport=1000 [ASSURED] mark=7
             [UPDATE] ipv4     2 tcp      6 120 TIME_WAIT src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=80 src=10.2.0.5 dst=10.0.1.5 sport=80 dport=1000 [ASSURED] mark=7
            [DESTROY] ipv4     2 tcp      6 120 TIME_WAIT src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=80 packets=4 bytes=160 src=10.2.0.5 dst=10.0.1.5 sport=80 dport=1000 packets=2 bytes=80 [ASSURED] mark=7
                [NEW] ipv4     2 tcp      6 120 SYN_SENT src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=80 [UNREPLIED] src=10.2.0.5 dst=10.0.1.5 sport=80 dport=1000
            """);
  }

  @Test
  void refusedConnectionEndsWithItsReset() {
    mark(81, ConnectionState.NEW);
    client(81, "S", 100, 0);
    server(81, "RA", 0, 101);
    client(82, "S", 100, 0);
    client(82, "R", 101, 0);
    assertThat(told())
        .isEqualTo(
            """
                [NEW] ipv4     2 tcp      6 120 SYN_SENT src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=81 [UNREPLIED] src=10.2.0.5 dst=10.0.1.5 sport=81 dport=1000 mark=7
            [DESTROY] ipv4     2 tcp      6 120 CLOSE src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=81 packets=1 bytes=40 [UNREPLIED] src=10.2.0.5 dst=10.0.1.5 sport=81 dport=1000 packets=1 bytes=40 mark=7
                [NEW] ipv4     2 tcp      6 120 SYN_SENT src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=82 [UNREPLIED] src=10.2.0.5 dst=10.0.1.5 sport=82 dport=1000
            [DESTROY] ipv4     2 tcp      6 120 CLOSE src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=82 packets=2 bytes=80 [UNREPLIED] src=10.2.0.5 dst=10.0.1.5 sport=82 dport=1000 packets=0 bytes=0
            """);
  }

  @Test
  void queryIsToldWithItsAnswerAndItsEnd() {
    router.fromEth0(Router.icmp(CLIENT, SERVER, 8, 7));
    router.fromEth1(Router.icmp(SERVER, CLIENT, 0, 7));
    router.conntrack.flush();
    assertThat(told())
        .isEqualTo(
            """
                [NEW] ipv4     2 icmp     1 30 src=10.0.1.5 dst=10.2.0.5 type=8 code=0 id=7 [UNREPLIED] src=10.2.0.5 dst=10.0.1.5 type=0 code=0 id=7
             [UPDATE] ipv4     2 icmp     1 30 src=10.0.1.5 dst=10.2.0.5 type=8 code=0 id=7 src=10.2.0.5 dst=10.0.1.5 type=0 code=0 id=7
            [DESTROY] ipv4     2 icmp     1 30 src=10.0.1.5 dst=10.2.0.5 type=8 code=0 id=7 packets=1 bytes=28 src=10.2.0.5 dst=10.0.1.5 type=0 code=0 id=7 packets=1 bytes=28
            """);
  }

  @Test
  void packetThatChangesNothingIsNotTold() {
    router.fromEth0(Router.udp(CLIENT, 1000, SERVER, 53));
    events.clear();
    router.fromEth0(Router.udp(CLIENT, 1000, SERVER, 53));
    assertThat(events).isEmpty();
  }

  @Test
  void changesAreNamed() {
    mark(80, ConnectionState.ESTABLISHED);
    client(80, "S", 100, 0);
    server(80, "SA", 500, 101);
    client(80, "A", 101, 501);
    assertThat(events)
        .extracting(TableEvent::kind)
        .containsExactly(Kind.NEW, Kind.UPDATE, Kind.UPDATE);
    assertThat(events.get(0).changes()).containsExactly(Change.PROTOCOL);
    assertThat(events.get(1).changes()).containsExactly(Change.REPLY, Change.PROTOCOL);
    assertThat(events.get(2).changes())
        .containsExactly(Change.ASSURED, Change.PROTOCOL, Change.MARK);
  }

  @Test
  void labelIsToldOnce() {
    router.on(
        Hook.FORWARD,
        MANGLE,
        (packet, hook) -> {
          PacketConnection.connectionOf(packet).labels(1, packet.payloadLength());
          return Verdict.ACCEPT;
        });
    for (int length : new int[] {10, 10, 11}) {
      router.fromEth0(Router.udp(CLIENT, 1000, SERVER, 53).payloadLength(length));
    }
    assertThat(events).hasSize(2);
    assertThat(events.get(0).changes()).containsExactly(Change.LABEL);
    assertThat(events.get(1).changes()).containsExactly(Change.LABEL);
    assertThat(events.get(1).entry().labelsLow()).isEqualTo(11);
  }

  @Test
  void whatADroppedPacketChangedIsToldWithTheNextThatPasses() {
    client(80, "S", 100, 0);
    events.clear();
    boolean[] drops = {true};
    router.on(Hook.FORWARD, 0, (packet, hook) -> drops[0] ? Verdict.DROP : Verdict.ACCEPT);
    server(80, "SA", 500, 101);
    assertThat(events).isEmpty();
    drops[0] = false;
    server(80, "SA", 500, 101);
    assertThat(events).hasSize(1);
    assertThat(events.get(0).changes()).containsExactly(Change.REPLY, Change.PROTOCOL);
  }

  @Test
  void stateThatIsSetAnewIsToldAlthoughItIsTheSame() {
    client(80, "S", 100, 0);
    server(80, "SA", 500, 101);
    client(80, "S", 9000, 0);
    events.clear();
    server(80, "SA", 700, 9001);
    assertThat(told())
        .isEqualTo(
            " [UPDATE] ipv4     2 tcp      6 60 SYN_RECV src=10.0.1.5 dst=10.2.0.5 sport=1000 dport=80"
                + " src=10.2.0.5 dst=10.0.1.5 sport=80 dport=1000\n");
  }

  @Test
  void entryWhoseTimeIsOverIsToldWhenItIsMissed() {
    router.fromEth0(Router.udp(CLIENT, 1000, SERVER, 53));
    events.clear();
    router.at(31);
    assertThat(events).isEmpty();
    assertThat(router.conntrack.size()).isZero();
    assertThat(events).extracting(TableEvent::kind).containsExactly(Kind.DESTROY);
  }

  @Test
  void eventsAddUpToTheTable() {
    for (int port = 1; port <= 20; port++) {
      router.fromEth0(Router.udp(CLIENT, port, SERVER, 53));
      router.at(2.0 * port);
    }
    long inserted = events.stream().filter(event -> event.kind() == Kind.NEW).count();
    int live = router.conntrack.size();
    long removed = events.stream().filter(event -> event.kind() == Kind.DESTROY).count();
    assertThat(inserted).isEqualTo(20);
    assertThat(live).isEqualTo((int) (inserted - removed));
  }
}
