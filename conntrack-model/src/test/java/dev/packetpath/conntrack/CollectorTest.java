package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.tcp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A table so full that no room can be made for a packet: the collector's next pass ends entries
 * that are closing or not assured, until fewer than 95% of the limit are left (gc_worker, Linux
 * 6.1).
 */
final class CollectorTest {
  private static final int LIMIT = 200;
  private static final IpAddress SERVER = IpAddress.parse("10.9.9.9");
  private static final int ASSURED =
      ConnectionStatus.CONFIRMED | ConnectionStatus.SEEN_REPLY | ConnectionStatus.ASSURED;

  private final Router router = new Router(ConntrackSettings.builder().max(LIMIT).build());
  private int port = 1;

  private void load(int count, int protocol, String state, int status) {
    List<ConntrackEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Tuple tuple = Tuple.of(protocol, IpAddress.parse("10.0.1.5"), port++, SERVER, 80);
      entries.add(ConntrackEntry.plain(tuple, tuple.inverse(), 100, state, status));
    }
    router.conntrack.load(entries);
  }

  /** Sends a SYN of a new connection and returns whether it passed. */
  private boolean passes() {
    return router.fromEth0(tcp("10.0.1.6", port++, "10.9.9.9", 80, "S")) != Router.NOTHING;
  }

  /** Entries of 100 s make the longest interval, of which half is waited for the first pass. */
  @Test
  void theFirstPassComesHalfAnIntervalLater() {
    load(100, IpProtocol.TCP, "TIME_WAIT", ASSURED);
    load(100, IpProtocol.TCP, "ESTABLISHED", ASSURED);
    assertThat(passes()).isFalse();
    router.at(29.9);
    assertThat(passes()).isFalse();
    assertThat(router.conntrack.size()).isEqualTo(LIMIT);
    router.at(30);
    assertThat(passes()).isTrue();
    assertThat(router.conntrack.size()).as("189 are kept").isEqualTo(190);
    assertThat(router.conntrack.count(c -> c.stateName().equals("ESTABLISHED"))).isEqualTo(100);
    assertThat(router.conntrack.statistics().earlyDrop()).isEqualTo(11);
    assertThat(router.conntrack.statistics().drop()).isEqualTo(2);
  }

  @Test
  void laterPassesFollowAtTheirInterval() {
    load(100, IpProtocol.TCP, "TIME_WAIT", ASSURED);
    load(100, IpProtocol.TCP, "ESTABLISHED", ASSURED);
    passes();
    router.at(30);
    do {
      assertThat(passes()).isTrue();
    } while (router.conntrack.size() < LIMIT);
    router.at(31);
    assertThat(passes()).isFalse();
    router.at(89.9);
    assertThat(passes()).isFalse();
    router.at(90);
    assertThat(passes()).isTrue();
    assertThat(router.conntrack.size()).isEqualTo(190);
  }

  /** Its way is known, so it could go past connection tracking. */
  @Test
  void aSegmentOfAnEstablishedConnectionLetsThePassRun() {
    router.fromEth0(tcp("10.0.1.5", 900, "10.9.9.9", 80, "S"));
    router.fromEth1(tcp("10.9.9.9", 80, "10.0.1.5", 900, "SA").tcpAcknowledgment(1));
    Packet segment = tcp("10.0.1.5", 900, "10.9.9.9", 80, "A").tcpSequence(1).tcpAcknowledgment(1);
    for (int i = 0; i < 3; i++) {
      router.fromEth0(segment.copy());
    }
    load(LIMIT - 1, IpProtocol.TCP, "TIME_WAIT", ASSURED);
    assertThat(passes()).isFalse();
    router.at(29.9);
    router.fromEth0(segment.copy());
    assertThat(router.conntrack.size()).isEqualTo(LIMIT);
    router.at(30);
    router.fromEth0(segment.copy());
    assertThat(router.conntrack.size()).isEqualTo(189);
  }

  /** Whom no packet was dropped for, nothing is ended for. */
  @Test
  void aFullTableThatNobodyAsksForRoomStaysFull() {
    load(LIMIT, IpProtocol.TCP, "TIME_WAIT", ASSURED);
    router.at(99);
    router.fromEth0(tcp("10.0.1.5", 1, "10.9.9.9", 80, "A"));
    assertThat(router.conntrack.size()).isEqualTo(LIMIT);
    assertThat(router.conntrack.statistics().earlyDrop()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "6, SYN_SENT, false",
    "6, SYN_RECV, false",
    "6, ESTABLISHED, false",
    "6, FIN_WAIT, true",
    "6, CLOSE_WAIT, true",
    "6, LAST_ACK, true",
    "6, TIME_WAIT, true",
    "6, CLOSE, true",
    "132, ESTABLISHED, false",
    "132, COOKIE_WAIT, false",
    "132, SHUTDOWN_SENT, true",
    "132, SHUTDOWN_RECD, true",
    "132, SHUTDOWN_ACK_SENT, true",
    "17, '', false"
  })
  void ofAssuredEntriesThoseThatAreClosingEnd(int protocol, String state, boolean ends) {
    load(LIMIT, protocol, state, ASSURED);
    assertThat(router.conntrack.connections().get(0).isClosing()).isEqualTo(ends);
    passes();
    router.at(60);
    assertThat(passes()).isEqualTo(ends);
  }

  @Test
  void flowsThatLeftForAFlowTableDoNotEnd() {
    load(LIMIT, IpProtocol.TCP, "TIME_WAIT", ASSURED | ConnectionStatus.OFFLOAD);
    passes();
    router.at(60);
    assertThat(passes()).isFalse();
    assertThat(router.conntrack.size()).isEqualTo(LIMIT);
  }

  @ParameterizedTest
  @CsvSource({"10, 100, 35", "0.5, 100, 30.5", "1000, 1, 60", "1, 1000000, 1.006", "0, 10, 54.636"})
  void theIntervalIsTheMeanOfWhatIsLeft(double leftSeconds, double times, double seconds) {
    CollectorInterval interval = new CollectorInterval();
    assertThat(interval.meanNs()).isEqualTo(60 * VirtualClock.NS_PER_SECOND);
    interval.add(leftSeconds * VirtualClock.NS_PER_SECOND, times);
    assertThat((double) interval.meanNs() / VirtualClock.NS_PER_SECOND)
        .isCloseTo(seconds, within(0.001));
  }
}
