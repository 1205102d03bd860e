package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.Hook;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Established connections all of whose segments go over the hooks, and what would be missed. */
class EstablishedPathExclusionsTest {
  private static final String CLIENT = "10.0.1.5";
  private static final String SERVER = "10.0.2.9";
  private static final int SEGMENTS = 5;

  private final Router router = new Router();
  private int forwarded;

  private void countForwarded() {
    router.on(
        Hook.FORWARD,
        0,
        (packet, state) -> {
          forwarded++;
          router.host.recording().repeats();
          return Verdict.ACCEPT;
        });
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
    return Router.tcp(CLIENT, 1000, SERVER, 21, "A")
        .tcpSequence(1)
        .tcpAcknowledgment(1)
        .tcpWindow(1000);
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
    Packet answer = Router.tcp(from, port, to, toPort, "A").tcpWindow(1000);
    Tuple original = Tuple.of(fromClient());
    int status = ConnectionStatus.SEEN_REPLY | ConnectionStatus.ASSURED;
    router.conntrack.load(
        List.of(ConntrackEntry.plain(original, Tuple.of(answer), 100, "ESTABLISHED", status)));
    countForwarded();
    router.fromEth1(answer);
    for (int i = 0; i < SEGMENTS; i++) {
      Packet out = router.fromEth0(fromClient());
      assertThat(out).hasToString(fromClient().toString());
      assertThat(Router.state(out)).isEqualTo(ConnectionState.ESTABLISHED);
    }
    assertThat(forwarded).isEqualTo(1 + SEGMENTS);
  }
}
