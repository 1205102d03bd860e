package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The four bounds of a window and what resets need, each at its edge (tcp_in_window and the RST of
 * nf_conntrack_tcp_packet, Linux 6.1). A segment that is good renews the time of its connection;
 * one that is ignored does not; one that is invalid has no connection.
 */
final class TcpWindowTest {
  private static final String GOOD = "good";
  private static final String IGNORED = "ignored";
  private static final String INVALID = "invalid";
  private static final int CLIENT = 1_000_000;
  private static final int SERVER = 5_000_000;
  private static final String SCALE_2 = "03030200";

  private final Router router = new Router();
  private int window = 1_000;
  private String options = "";

  private String client(String flags, int sequence, int acknowledgment, int bytes) {
    return judged(true, flags, CLIENT + sequence, SERVER + acknowledgment, bytes);
  }

  private String server(String flags, int sequence, int acknowledgment, int bytes) {
    return judged(false, flags, SERVER + sequence, CLIENT + acknowledgment, bytes);
  }

  private String judged(boolean byClient, String flags, int sequence, int ack, int bytes) {
    router.at(router.clock.nowNs() / 1e9 + 1);
    Packet packet =
        byClient
            ? tcp("10.0.1.5", 40_000, "10.9.9.9", 80, flags)
            : tcp("10.9.9.9", 80, "10.0.1.5", 40_000, flags);
    packet
        .tcpSequence(sequence)
        .tcpAcknowledgment(flags.contains("A") ? ack : 0)
        .tcpWindow(window)
        .payloadLength(bytes)
        .tcpOptions(BaseEncoding.base16().decode(options));
    long before = router.conntrack.size() == 0 ? 0 : router.only().expiresAtNs();
    Packet out = byClient ? router.fromEth0(packet) : router.fromEth1(packet);
    if (Router.state(out) == ConnectionState.NONE) {
      return INVALID;
    }
    boolean same = router.conntrack.size() == 1 && router.only().expiresAtNs() == before;
    return same ? IGNORED : GOOD;
  }

  private String entry() {
    return router.conntrack.size() == 0 ? "none" : router.only().stateName();
  }

  /** Opens a connection in which both ends announce the same window. */
  private void open() {
    client("S", 0, 0, 0);
    server("SA", 0, 1, 0);
    options = "";
    client("A", 1, 1, 0);
  }

  /** The server lets 1000 bytes through from 1 on. */
  @ParameterizedTest
  @CsvSource({
    "1001, 0, good",
    "1001, 500, good",
    "1002, 0, ignored",
    "1002, 998, ignored",
    "1002, 999, invalid",
    "2000, 0, ignored",
    "2001, 0, invalid"
  })
  void aSegmentBeginsInTheWindowAndMayOvershootItByAWindow(int at, int bytes, String judgement) {
    open();
    assertThat(client("A", at, 1, bytes)).isEqualTo(judgement);
  }

  /** What was sent before may be sent again, as far back as a window. */
  @ParameterizedTest
  @CsvSource({"1, good", "-499, good", "-500, ignored"})
  void aRepeatedSegmentEndsInTheLastWindow(int at, String judgement) {
    open();
    client("A", 1, 1, 500);
    assertThat(client("A", at, 1, 0)).isEqualTo(judgement);
  }

  @ParameterizedTest
  @CsvSource({"1, good", "501, good", "502, invalid"})
  void anAcknowledgmentIsOfWhatWasSent(int acknowledged, String judgement) {
    open();
    server("A", 1, 1, 500);
    assertThat(client("A", 1, acknowledged, 0)).isEqualTo(judgement);
  }

  /** 66000 bytes back, where windows are smaller. */
  @ParameterizedTest
  @CsvSource({"0, good", "-66000, good", "-66001, ignored"})
  void anAcknowledgmentIsNotTooOld(int behind, String judgement) {
    window = 65_535;
    open();
    server("A", 1, 1, 60_000);
    client("A", 1, 60_001, 0);
    server("A", 60_001, 1, 60_000);
    assertThat(client("A", 1, 120_001 + behind, 0)).isEqualTo(judgement);
  }

  /** RFC 7323: a window is scaled if both SYNs said how; that of a SYN never is. */
  @ParameterizedTest
  @CsvSource({
    "true, 4001, good",
    "true, 4002, ignored",
    "false, 1001, good",
    "false, 1002, ignored"
  })
  void windowsAreScaledIfBothEndsScale(boolean both, int at, String judgement) {
    options = SCALE_2;
    client("S", 0, 0, 0);
    options = both ? SCALE_2 : "";
    server("SA", 0, 1, 0);
    options = "";
    client("A", 1, 1, 0);
    server("A", 1, 1, 0);
    assertThat(client("A", at, 1, 0)).isEqualTo(judgement);
  }

  /** Behind a closed window comes one byte, the probe. */
  @Test
  void aClosedWindowLetsAProbeThrough() {
    client("S", 0, 0, 0);
    window = 0;
    server("SA", 0, 1, 0);
    window = 1_000;
    assertThat(client("A", 1, 1, 1)).isEqualTo(GOOD);
    assertThat(client("A", 2, 1, 0)).isEqualTo(GOOD);
    assertThat(client("A", 3, 1, 0)).isEqualTo(INVALID);
  }

  /** A SYN with another sequence number starts its sender's window anew. */
  @Test
  void aNewerSynIsTheOneThatCounts() {
    client("S", 0, 0, 0);
    client("S", 70_000, 0, 0);
    assertThat(server("SA", 0, 70_001, 0)).isEqualTo(GOOD);
    assertThat(client("A", 70_001, 1, 0)).isEqualTo(GOOD);
    assertThat(entry()).isEqualTo("ESTABLISHED");
  }

  @Test
  void aResetThatAcknowledgesNothingIsJudgedByItsSequence() {
    open();
    Packet reset =
        tcp("10.9.9.9", 80, "10.0.1.5", 40_000, "RA").tcpSequence(SERVER + 1).tcpWindow(0);
    router.fromEth1(reset);
    assertThat(entry()).isEqualTo("CLOSE");
  }

  /** An opener that gives up need not say where it was. */
  @Test
  void aResetOfTheOpenerMayHaveSequenceZero() {
    int far = 0x9000_0000;
    router.fromEth0(tcp("10.0.1.5", 40_000, "10.9.9.9", 80, "S").tcpSequence(far));
    router.fromEth0(tcp("10.0.1.5", 40_000, "10.9.9.9", 80, "R").tcpSequence(far + 70_000));
    assertThat(entry()).isEqualTo("SYN_SENT");
    router.fromEth0(tcp("10.0.1.5", 40_000, "10.9.9.9", 80, "R").tcpSequence(0));
    assertThat(entry()).isEqualTo("none");
  }

  @Test
  void aResetOfAClosingConnectionCountsWhereverItLies() {
    open();
    client("FA", 1, 1, 0);
    assertThat(entry()).isEqualTo("FIN_WAIT");
    server("R", 500_000, 0, 0);
    assertThat(entry()).isEqualTo("CLOSE");
  }

  /** RFC 5961, 3: a reset elsewhere in the window may be answered; behind data it ends them. */
  @Test
  void aResetRightBehindDataCloses() {
    open();
    server("A", 1, 1, 100);
    server("R", 101, 0, 0);
    assertThat(entry()).isEqualTo("CLOSE");
  }

  @Test
  void aResetElsewhereInTheWindowKeepsTheState() {
    open();
    server("A", 1, 1, 100);
    client("A", 1, 1, 0);
    assertThat(server("R", 101, 0, 0)).isEqualTo(GOOD);
    assertThat(entry()).isEqualTo("ESTABLISHED");
    server("A", 101, 1, 0);
    server("R", 102, 0, 0);
    assertThat(entry()).isEqualTo("ESTABLISHED");
    server("R", 1, 0, 0);
    assertThat(entry()).isEqualTo("CLOSE");
  }

  /** Before the connection is established any reset in the window closes it. */
  @Test
  void aResetInTheWindowClosesWhatIsNotEstablished() {
    client("S", 0, 0, 0);
    server("SA", 0, 1, 0);
    assertThat(client("R", 0, 0, 0)).as("before the acknowledged").isEqualTo(INVALID);
    assertThat(entry()).isEqualTo("SYN_RECV");
    client("R", 500, 0, 0);
    assertThat(entry()).isEqualTo("CLOSE");
  }

  @Test
  void aResetWithSequenceZeroIsJudgedByTheWindowWhileOpening() {
    client("S", 0, 0, 0);
    server("SA", 0, 1, 0);
    assertThat(client("R", -CLIENT, 0, 0)).isEqualTo(IGNORED);
    assertThat(entry()).isEqualTo("SYN_RECV");
  }

  /** The answer to a challenge has the sequence number that was acknowledged to it. */
  @Test
  void onlyTheAnswerToAChallengeClosesOutOfTheWindow() {
    client("S", 0, 0, 0);
    server("A", 0, 300_000, 0);
    assertThat(client("R", 300_001, 0, 0)).isEqualTo(INVALID);
    assertThat(entry()).isEqualTo("SYN_SENT");
    client("R", 300_000, 0, 0);
    assertThat(entry()).isEqualTo("CLOSE");
  }
}
