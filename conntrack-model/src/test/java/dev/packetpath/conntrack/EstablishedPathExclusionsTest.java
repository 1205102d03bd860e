package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.HookState;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.Pieces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Established connections all of whose segments go over the hooks, and what would be missed. */
class EstablishedPathExclusionsTest {
  private static final String CLIENT = "10.0.1.5";
  private static final String SERVER = "10.0.2.9";
  private static final String CLIENT_V6 = "fd00:1::5";
  private static final String SERVER_V6 = "fd00:2::9";
  private static final int SEGMENTS = 5;

  private final Router router = new Router();
  private int forwarded;

  private void countForwarded() {
    for (IpFamily family : IpFamily.values()) {
      router.host.hooks().register(family, Hook.FORWARD, 0, "counts", this::forward);
    }
  }

  private Verdict forward(Packet packet, HookState state) {
    forwarded++;
    router.host.recording().repeats();
    return Verdict.ACCEPT;
  }

  /** Opens a connection of whose first packet a rule says something. */
  private void open(ConnectionTemplate template) {
    router.on(
        Hook.PREROUTING,
        HookPriority.CONNTRACK - 1,
        (packet, state) -> {
          PacketConnection.template(packet, template);
          return Verdict.ACCEPT;
        });
    router.fromEth0(Router.tcp(CLIENT, 1000, SERVER, 21, "S").tcpWindow(1000));
    router.host.hooks().unregister(IpFamily.IPV4, Hook.PREROUTING, "test");
    router.fromEth1(
        Router.tcp(SERVER, 21, CLIENT, 1000, "SA").tcpAcknowledgment(1).tcpWindow(1000));
    router.fromEth0(fromClient());
    countForwarded();
  }

  private static Packet fromClient() {
    return segment(CLIENT, SERVER);
  }

  private static Packet segment(String client, String server) {
    return Router.tcp(client, 1000, server, 21, "A")
        .tcpSequence(1)
        .tcpAcknowledgment(1)
        .tcpWindow(1000);
  }

  /** Loads a connection without NAT, has the server answer, and counts the client's segments. */
  private void load(Packet fromClient, Packet answer) {
    int status = ConnectionStatus.SEEN_REPLY | ConnectionStatus.ASSURED;
    Tuple original = Tuple.of(fromClient);
    router.conntrack.load(
        List.of(ConntrackEntry.plain(original, Tuple.of(answer), 100, "ESTABLISHED", status)));
    router.fromEth1(answer);
    countForwarded();
  }

  private void passUnchanged(Packet fromClient) {
    for (int i = 0; i < SEGMENTS; i++) {
      Packet out = router.fromEth0(fromClient.copy());
      assertThat(out).hasToString(fromClient.toString());
      assertThat(Router.state(out)).isEqualTo(ConnectionState.ESTABLISHED);
    }
  }

  private void sendSegments() {
    for (int i = 0; i < SEGMENTS; i++) {
      router.fromEth0(fromClient());
    }
  }

  private void say(int offset, String line) {
    byte[] text = line.getBytes(StandardCharsets.US_ASCII);
    router.fromEth0(fromClient().tcpSequence(1 + offset).payload(text));
  }

  @Test
  void othersGoPastTheHooks() {
    open(ConnectionTemplate.NONE);
    sendSegments();
    assertThat(forwarded).isOne();
  }

  @Test
  void aPolicyOfItsOwnSaysHowLongAConnectionLives() {
    open(
        new ConnectionTemplate(
            Zone.DEFAULT,
            false,
            "",
            new TimeoutPolicy("short", ImmutableMap.of(Timeout.TCP_ESTABLISHED, 60L))));
    sendSegments();
    assertThat(router.only().remainingSeconds(0)).isEqualTo(60);
    assertThat(forwarded).isEqualTo(SEGMENTS);
  }

  @Test
  void aHelperReadsWhatComesLater() {
    open(new ConnectionTemplate(Zone.DEFAULT, false, "ftp", TimeoutPolicy.NONE));
    sendSegments();
    String line = "USER x\r\n";
    say(0, line);
    say(line.length(), "PORT 10,0,1,5,4,210\r\n");
    assertThat(router.conntrack.expectations().waiting()).hasSize(1);
    assertThat(forwarded).isEqualTo(SEGMENTS + 2);
  }

  @Test
  void numbersThatMoveDoSoInEachSegment() {
    open(ConnectionTemplate.NONE);
    router.only().moveSequence(Direction.ORIGINAL, 0, 2);
    for (int i = 0; i < SEGMENTS; i++) {
      assertThat(router.fromEth0(fromClient()).tcpSequence()).isEqualTo(1 + 2);
    }
    assertThat(forwarded).isEqualTo(SEGMENTS);
  }

  @Test
  void aFixedTimeoutStays() {
    open(ConnectionTemplate.NONE);
    router.only().set(ConnectionStatus.FIXED_TIMEOUT);
    long endNs = router.only().expiresAtNs();
    router.clock.advanceTo(10 * VirtualClock.NS_PER_SECOND);
    sendSegments();
    assertThat(router.only().expiresAtNs()).isEqualTo(endNs);
    assertThat(forwarded).isEqualTo(SEGMENTS);
  }

  /** What was loaded says how packets are translated, but no rule has made NAT active. */
  @ParameterizedTest
  @CsvSource({
    "10.0.2.10,   21, 10.0.1.5, 1000",
    "10.0.2.9,  8021, 10.0.1.5, 1000",
    "10.0.2.9,    21, 10.0.1.6, 1000",
    "10.0.2.9,    21, 10.0.1.5, 1001"
  })
  void nobodyTranslatesWithoutNat(String from, int port, String to, int toPort) {
    load(fromClient(), Router.tcp(from, port, to, toPort, "A").tcpWindow(1000));
    passUnchanged(fromClient());
    assertThat(forwarded).isEqualTo(SEGMENTS);
  }

  @ParameterizedTest
  @CsvSource({"fd00:3::9, fd00:1::5", "fd00:2::9, fd00:3::5"})
  void nobodyTranslatesTheFirstHalvesOfAddresses(String from, String to) {
    Packet fromClient = segment(CLIENT_V6, SERVER_V6);
    load(fromClient, Router.tcp(from, 21, to, 1000, "A").tcpWindow(1000));
    passUnchanged(fromClient);
    assertThat(forwarded).isEqualTo(SEGMENTS);
  }

  @Test
  void whatIsUntrackedStaysSo() {
    open(ConnectionTemplate.NONE);
    sendSegments();
    Packet untracked = fromClient();
    PacketConnection.set(untracked, Connection.NONE, ConnectionState.UNTRACKED);
    assertThat(Router.state(router.fromEth0(untracked))).isEqualTo(ConnectionState.UNTRACKED);
  }

  @Test
  void aFragmentWaitsForTheOthers() {
    open(ConnectionTemplate.NONE);
    sendSegments();
    router.fromEth0(fromClient().payloadLength(80).moreFragments(true));
    assertThat(router.out).isEmpty();
  }

  @Test
  void aHeaderOfAFragmentThatIsWholeGoes() {
    Packet fromClient = segment(CLIENT_V6, SERVER_V6);
    load(fromClient, Router.tcp(SERVER_V6, 21, CLIENT_V6, 1000, "A").tcpWindow(1000));
    passUnchanged(fromClient);
    assertThat(forwarded).as("others go past the hooks").isOne();
    Packet out = router.fromEth0(fromClient.copy().atomicFragment(true));
    assertThat(out.hasFragmentHeader()).isFalse();
    assertThat(out.length()).isEqualTo(fromClient.length());
  }

  /** The tuple read last is that of answers. */
  @Test
  void whatEndsBeforeItsPortsIsOfNoConnection() {
    open(ConnectionTemplate.NONE);
    Packet answer = Router.tcp(SERVER, 21, CLIENT, 1000, "A").tcpSequence(1).tcpAcknowledgment(1);
    for (int i = 0; i < SEGMENTS; i++) {
      router.fromEth1(answer.copy());
    }
    sendSegments();
    assertThat(forwarded).as("one of each direction").isEqualTo(2);
    Packet out = router.fromEth1(answer.transportTruncated(true));
    assertThat(out.transportTruncated()).isTrue();
    assertThat(Router.state(out)).isEqualTo(ConnectionState.NONE);
  }

  @Test
  void whatCameInPiecesLeavesInPieces() {
    open(ConnectionTemplate.NONE);
    sendSegments();
    router.fromEth0(fromClient().payloadLength(1000).pieces(Pieces.of(600, 576)));
    assertThat(router.out).extracting(Packet::fragmentOffset).containsExactly(0, 576 / 8);
  }

  /** What a packet changed that was dropped is told with the next that passes. */
  @Test
  void aListenerIsToldWithThePacketThatPasses() {
    open(ConnectionTemplate.NONE);
    router.on(
        Hook.FORWARD,
        1,
        (packet, state) -> {
          if (packet.mark() == 0) {
            router.host.recording().repeats();
            return Verdict.ACCEPT;
          }
          PacketConnection.connectionOf(packet).mark(packet.mark());
          return Verdict.DROP;
        });
    List<ImmutableSet<TableEvent.Change>> told = new ArrayList<>();
    router.conntrack.onEvent(event -> told.add(event.changes()));
    sendSegments();
    assertThat(told).isEmpty();
    router.fromEth0(fromClient().mark(7));
    assertThat(told).isEmpty();
    sendSegments();
    assertThat(told).containsExactly(ImmutableSet.of(TableEvent.Change.MARK));
  }
}
