package dev.packetpath.conntrack;

import static dev.packetpath.conntrack.Router.state;
import static dev.packetpath.conntrack.Router.tcp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TCP connections of one client and one server, as the kernel's table holds them. */
class TcpTrackerTest {
  private Router router = new Router();
  private int client = 1000;
  private int server = 5000;

  private Packet fromClient(String flags, int bytes) {
    return segment(tcp("10.0.1.5", 40000, "10.9.9.9", 80, flags), true, flags, bytes);
  }

  private Packet fromServer(String flags, int bytes) {
    return segment(tcp("10.9.9.9", 80, "10.0.1.5", 40000, flags), false, flags, bytes);
  }

  private Packet segment(Packet packet, boolean byClient, String flags, int bytes) {
    packet.tcpSequence(byClient ? client : server).payloadLength(bytes);
    packet.tcpAcknowledgment(flags.contains("A") ? byClient ? server : client : 0);
    int advance = bytes + (flags.contains("S") ? 1 : 0) + (flags.contains("F") ? 1 : 0);
    client += byClient ? advance : 0;
    server += byClient ? 0 : advance;
    return byClient ? router.fromEth0(packet) : router.fromEth1(packet);
  }

  private void handshake() {
    fromClient("S", 0);
    fromServer("SA", 0);
    fromClient("A", 0);
  }

  private String entry() {
    Connection connection = router.only();
    return connection.stateName()
        + " "
        + connection.remainingSeconds(router.clock.nowNs())
        + (connection.hasAny(ConnectionStatus.ASSURED) ? " assured" : "");
  }

  @Test
  void handshakeGoesThroughSynSentAndSynRecvToEstablished() {
    assertThat(state(fromClient("S", 0))).isEqualTo(ConnectionState.NEW);
    assertThat(entry()).isEqualTo("SYN_SENT 120");
    assertThat(state(fromServer("SA", 0))).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(entry()).isEqualTo("SYN_RECV 60");
    assertThat(state(fromClient("A", 0))).isEqualTo(ConnectionState.ESTABLISHED);
    assertThat(entry()).isEqualTo("ESTABLISHED 432000 assured");
  }

  @Test
  void activeCloseEndsInTimeWait() {
    handshake();
    fromClient("FA", 0);
    assertThat(entry()).isEqualTo("FIN_WAIT 120 assured");
    fromServer("A", 0);
    assertThat(entry()).isEqualTo("CLOSE_WAIT 60 assured");
    fromServer("FA", 0);
    assertThat(entry()).isEqualTo("LAST_ACK 30 assured");
    fromClient("A", 0);
    assertThat(entry()).isEqualTo("TIME_WAIT 120 assured");
  }

  @Test
  void crossingFinsGoFromFinWaitToLastAck() {
    handshake();
    fromClient("FA", 0);
    fromServer("FA", 0);
    assertThat(entry()).isEqualTo("LAST_ACK 30 assured");
  }

  @Test
  void dataThatIsNotAcknowledgedLastsForFiveMinutes() {
    handshake();
    fromClient("PA", 100);
    assertThat(entry()).isEqualTo("ESTABLISHED 300 assured");
    fromServer("A", 0);
    assertThat(entry()).isEqualTo("ESTABLISHED 432000 assured");
  }

  @Test
  void repeatedSynIsNewAndNeitherCountedNorRefreshed() {
    fromClient("S", 0);
    router.at(3);
    client = 1000;
    assertThat(state(fromClient("S", 0))).isEqualTo(ConnectionState.NEW);
    assertThat(entry()).isEqualTo("SYN_SENT 117");
    assertThat(router.only().packets(Direction.ORIGINAL)).isEqualTo(1);
  }

  @Test
  void refusedConnectionLeavesNoEntry() {
    fromClient("S", 0);
    assertThat(state(fromServer("RA", 0))).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(router.conntrack.size()).isZero();
  }

  @Test
  void resetOfAnEstablishedConnectionClosesItInTenSeconds() {
    handshake();
    fromServer("R", 0);
    assertThat(entry()).isEqualTo("CLOSE 10 assured");
  }

  @Test
  void resetThatDoesNotMatchTheLastAckKeepsTheState() {
    handshake();
    server += 100;
    assertThat(state(fromServer("R", 0))).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(entry()).isEqualTo("ESTABLISHED 10 assured");
  }

  @Test
  void resetBeforeTheLastAckIsInvalid() {
    handshake();
    server -= 100;
    assertThat(state(fromServer("R", 0))).isEqualTo(ConnectionState.NONE);
    assertThat(entry()).isEqualTo("ESTABLISHED 432000 assured");
  }

  @Test
  void synReopensAConnectionInTimeWait() {
    activeCloseEndsInTimeWait();
    client = 90000;
    assertThat(state(fromClient("S", 0))).isEqualTo(ConnectionState.NEW);
    assertThat(entry()).isEqualTo("SYN_SENT 120");
  }

  @Test
  void synOnAnEstablishedConnectionIsLetThroughAndItsAnswerFollowed() {
    handshake();
    client = 700_000;
    assertThat(state(fromClient("S", 0))).isEqualTo(ConnectionState.ESTABLISHED);
    assertThat(entry()).isEqualTo("ESTABLISHED 432000 assured");
    server = 900_000;
    fromServer("SA", 0);
    assertThat(entry()).isEqualTo("SYN_RECV 60 assured");
    fromClient("A", 0);
    assertThat(entry()).isEqualTo("ESTABLISHED 432000 assured");
  }

  @Test
  void challengeAckDoesNotEndTheLastAckState() {
    handshake();
    fromClient("FA", 0);
    fromServer("FA", 0);
    int goOn = client;
    client = 700_000;
    fromClient("S", 0);
    client = goOn;
    fromServer("A", 0);
    assertThat(entry()).isEqualTo("LAST_ACK 30 assured");
  }

  @Test
  void bareAckOfAnUnknownFlowIsPickedUp() {
    assertThat(state(fromClient("A", 0))).isEqualTo(ConnectionState.NEW);
    assertThat(entry()).isEqualTo("ESTABLISHED 300");
    assertThat(state(fromServer("A", 0))).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    fromClient("A", 0);
    assertThat(entry()).endsWith("assured");
  }

  @Test
  void bareAckOfAnUnknownFlowIsInvalidIfTrackingIsNotLoose() {
    Router strict = new Router(ConntrackSettings.builder().tcpLoose(false).build());
    assertThat(state(strict.fromEth0(tcp("10.0.1.5", 1, "10.9.9.9", 80, "A"))))
        .isEqualTo(ConnectionState.NONE);
  }

  @Test
  void connectionStartsWithNothingElse() {
    for (String flags : new String[] {"", "F", "FA", "R", "RA", "SA", "SF", "SR", "FSRPAU"}) {
      assertThat(state(fromClient(flags, 0))).as(flags).isEqualTo(ConnectionState.NONE);
    }
    assertThat(router.conntrack.size()).isZero();
  }

  @Test
  void segmentBeyondTheWindowIsInvalidUnlessTrackingIsLiberal() {
    handshake();
    client += 200_000;
    assertThat(state(fromClient("A", 10))).isEqualTo(ConnectionState.NONE);
  }

  @Test
  void segmentBeyondTheWindowPassesIfTrackingIsLiberal() {
    Router liberal = new Router(ConntrackSettings.builder().tcpBeLiberal(true).build());
    liberal.fromEth0(tcp("10.0.1.5", 1, "10.9.9.9", 80, "S").tcpSequence(1));
    liberal.fromEth1(tcp("10.9.9.9", 80, "10.0.1.5", 1, "SA").tcpSequence(1).tcpAcknowledgment(2));
    assertThat(
            state(
                liberal.fromEth0(
                    tcp("10.0.1.5", 1, "10.9.9.9", 80, "A")
                        .tcpSequence(900_000)
                        .tcpAcknowledgment(2))))
        .isEqualTo(ConnectionState.ESTABLISHED);
  }

  @Test
  void fourthEqualAckGetsTheShortTimeout() {
    handshake();
    for (int i = 0; i < 2; i++) {
      fromClient("A", 0);
      assertThat(entry()).isEqualTo("ESTABLISHED 432000 assured");
    }
    fromClient("A", 0);
    assertThat(entry()).isEqualTo("ESTABLISHED 300 assured");
  }

  @Test
  void resetThatAnswersAnIgnoredSynClosesWhereverItLies() {
    handshake();
    client = 700_000;
    fromClient("S", 0);
    server = 0;
    fromServer("RA", 0);
    assertThat(entry()).isEqualTo("CLOSE 10 assured");
  }

  /** Seen on Linux 6.18: the RST must come from the other end than the SYN. */
  @Test
  void resetByTheSenderOfAnIgnoredSynIsNoAnswerToIt() {
    handshake();
    client = 700_000;
    fromClient("S", 0);
    int end = client;
    client = 0;
    server = end;
    assertThat(state(fromClient("RA", 0))).isEqualTo(ConnectionState.NONE);
    assertThat(entry()).isEqualTo("ESTABLISHED 432000 assured");
  }

  @Test
  void resetOfAChallengeAckWhileOpeningClosesTheConnection() {
    fromClient("S", 0);
    server = 5000;
    client = 777;
    fromServer("A", 10);
    client = 777;
    fromClient("R", 0);
    assertThat(entry()).isEqualTo("CLOSE 10");
  }

  @Test
  void idleConnectionEndsExactlyAtItsTimeout() {
    handshake();
    router.at(431_999.999_999_999);
    assertThat(router.conntrack.size()).isEqualTo(1);
    router.at(432_000);
    assertThat(router.conntrack.size()).isZero();
  }

  @Test
  void ruleThatAnswersWithAResetClosesTheConnection() {
    handshake();
    router.conntrack.setClosing(fromClient("A", 0));
    assertThat(entry()).isEqualTo("CLOSE 10 assured");
  }

  private void outOfWindow(boolean byClient, String flags) {
    int atClient = client;
    int atServer = server;
    client += byClient ? 200_000 : 0;
    server += byClient ? 0 : 200_000;
    assertThat(state(byClient ? fromClient(flags, 0) : fromServer(flags, 0)))
        .isEqualTo(ConnectionState.NONE);
    client = atClient;
    server = atServer;
  }

  /** Both ends take the connection for ended, which the table did not see. */
  @ParameterizedTest
  @CsvSource({"FA, FA", "FA, R", "RA, FA", "R, RA"})
  void endsOutOfTheWindowFromBothSidesLeaveFiveMinutes(String first, String second) {
    handshake();
    outOfWindow(true, first);
    assertThat(entry()).isEqualTo("ESTABLISHED 432000 assured");
    outOfWindow(true, first);
    assertThat(entry()).as("of one side alone").isEqualTo("ESTABLISHED 432000 assured");
    outOfWindow(false, second);
    assertThat(entry()).isEqualTo("ESTABLISHED 300 assured");
  }

  @Test
  void otherSegmentsOutOfTheWindowLeaveTheTime() {
    handshake();
    outOfWindow(true, "A");
    outOfWindow(false, "A");
    outOfWindow(true, "FA");
    outOfWindow(false, "A");
    assertThat(entry()).isEqualTo("ESTABLISHED 432000 assured");
  }

  @Test
  void endsOutOfTheWindowNeverLengthenTheTime() {
    handshake();
    fromClient("PA", 100);
    router.at(10);
    outOfWindow(true, "FA");
    outOfWindow(false, "FA");
    assertThat(entry()).isEqualTo("ESTABLISHED 290 assured");
  }

  /** With less than two minutes left the time is not touched, however short it could become. */
  @ParameterizedTest
  @CsvSource({"311_880, 60", "311_881, 119"})
  void endsOutOfTheWindowLeaveTheLastTwoMinutes(int at, int left) {
    router =
        new Router(
            ConntrackSettings.builder()
                .seconds(Timeout.TCP_ESTABLISHED, 312_000)
                .seconds(Timeout.TCP_UNACKNOWLEDGED, 60)
                .build());
    handshake();
    router.at(at);
    outOfWindow(true, "FA");
    outOfWindow(false, "FA");
    assertThat(entry()).isEqualTo("ESTABLISHED " + left + " assured");
  }

  @Test
  void endsOutOfTheWindowMeanNothingBeforeTheConnectionIsAssured() {
    fromClient("S", 0);
    fromServer("SA", 0);
    outOfWindow(true, "FA");
    outOfWindow(false, "FA");
    assertThat(entry()).isEqualTo("SYN_RECV 60");
  }

  /** Both ends send a SYN before they see the other's: RFC 9293, 3.5. */
  @Test
  void simultaneousOpenEndsInAnEstablishedConnection() {
    fromClient("S", 0);
    assertThat(state(fromServer("S", 0))).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(entry()).isEqualTo("SYN_SENT2 120");
    client--;
    fromClient("SA", 0);
    assertThat(entry()).isEqualTo("SYN_RECV 60");
    fromServer("A", 0);
    assertThat(entry()).startsWith("ESTABLISHED 432000");
  }

  /** The sender's window is closed: it waits no longer than for lost segments. */
  @Test
  void closedWindowLeavesFiveMinutes() {
    handshake();
    Packet full =
        tcp("10.9.9.9", 80, "10.0.1.5", 40000, "A")
            .tcpSequence(server)
            .tcpAcknowledgment(client)
            .tcpWindow(0);
    router.fromEth1(full);
    assertThat(entry()).isEqualTo("ESTABLISHED 300 assured");
    fromServer("A", 0);
    assertThat(entry()).isEqualTo("ESTABLISHED 432000 assured");
  }
}
