package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SctpTrackerTest {
  private static final String INIT = "010000140000000a000000000000000000000000";
  private static final String INIT_ACK = "020000140000000b000000000000000000000000";
  private static final String COOKIE_ECHO = "0a00000800000000";
  private static final String COOKIE_ACK = "0b000004";
  private static final String SHUTDOWN = "0700000800000000";
  private static final String SHUTDOWN_ACK = "08000004";
  private static final String SHUTDOWN_COMPLETE = "0e000004";

  private final Router router = new Router();

  private ConnectionState client(int tag, String chunks) {
    Packet packet = Router.packet(IpProtocol.SCTP, "10.0.1.5", "10.9.9.9").ports(23000, 90);
    return Router.state(router.fromEth0(with(packet, tag, chunks)));
  }

  private ConnectionState server(int tag, String chunks) {
    Packet packet = Router.packet(IpProtocol.SCTP, "10.9.9.9", "10.0.1.5").ports(90, 23000);
    return Router.state(router.fromEth1(with(packet, tag, chunks)));
  }

  private static Packet with(Packet packet, int tag, String chunks) {
    return packet.sctpTag(tag).payload(BaseEncoding.base16().lowerCase().decode(chunks));
  }

  private String entry() {
    Connection connection = router.only();
    return connection.stateName() + " " + connection.remainingSeconds(router.clock.nowNs());
  }

  @Test
  void associationIsFollowedFromInitToShutdownComplete() {
    client(0, INIT);
    assertThat(entry()).isEqualTo("CLOSED 10");
    server(10, INIT_ACK);
    assertThat(entry()).isEqualTo("COOKIE_WAIT 3");
    client(11, COOKIE_ECHO);
    assertThat(entry()).isEqualTo("COOKIE_ECHOED 3");
    server(10, COOKIE_ACK);
    assertThat(entry()).isEqualTo("ESTABLISHED 210");
    assertThat(router.only().hasAny(ConnectionStatus.ASSURED)).isTrue();
    client(11, SHUTDOWN);
    assertThat(entry()).isEqualTo("SHUTDOWN_SENT 3");
    server(10, SHUTDOWN_ACK);
    assertThat(entry()).isEqualTo("SHUTDOWN_ACK_SENT 3");
    client(11, SHUTDOWN_COMPLETE);
    assertThat(entry()).isEqualTo("CLOSED 10");
  }

  @Test
  void wrongVerificationTagIsInvalid() {
    client(0, INIT);
    assertThat(server(99, INIT_ACK)).isEqualTo(ConnectionState.NONE);
    assertThat(entry()).isEqualTo("CLOSED 10");
  }

  @Test
  void associationDoesNotStartWithDataOrWithoutChunks() {
    assertThat(client(1, "00000010000000000000000000000000")).isEqualTo(ConnectionState.NONE);
    assertThat(client(1, "")).isEqualTo(ConnectionState.NONE);
    assertThat(client(1, SHUTDOWN_COMPLETE)).isEqualTo(ConnectionState.NONE);
  }

  @Test
  void repeatedInitDoesNotRefreshTheTimeout() {
    client(0, INIT);
    router.at(4);
    assertThat(client(0, INIT)).isEqualTo(ConnectionState.NEW);
    assertThat(entry()).isEqualTo("CLOSED 6");
  }

  @Test
  void cookieOfTheServerIsFollowedWhenInitsCross() {
    client(0, INIT);
    server(10, INIT_ACK);
    server(10, COOKIE_ECHO);
    assertThat(entry()).isEqualTo("COOKIE_ECHOED 3");
    client(11, COOKIE_ACK);
    assertThat(entry()).isEqualTo("ESTABLISHED 210");
  }

  private static final String DATA = "00000010000000010000000000000000";
  private static final String ABORT = "06000004";
  private static final String REFLECTED_ABORT = "06010004";
  private static final String HEARTBEAT = "04000004";
  private static final String HEARTBEAT_ACK = "05000004";

  private void establish() {
    client(0, INIT);
    server(10, INIT_ACK);
    client(11, COOKIE_ECHO);
    server(10, COOKIE_ACK);
  }

  /** sctp_new: an association may be picked up by a heartbeat or the answer to a shutdown. */
  @Test
  void anAssociationIsPickedUpByAHeartbeatOrAShutdownAck() {
    assertThat(client(7, HEARTBEAT)).isEqualTo(ConnectionState.NEW);
    assertThat(entry()).isEqualTo("HEARTBEAT_SENT 30");
    router.conntrack.flush();
    assertThat(client(7, SHUTDOWN_ACK)).isEqualTo(ConnectionState.NEW);
    assertThat(entry()).isEqualTo("SHUTDOWN_ACK_SENT 3");
  }

  @Test
  void anInitHasTagZeroAndIsWhole() {
    assertThat(client(5, INIT)).isEqualTo(ConnectionState.NONE);
    assertThat(client(0, "01000014000000")).isEqualTo(ConnectionState.NONE);
    assertThat(router.conntrack.size()).isZero();
  }

  /** do_basic_checks: INIT, INIT ACK and SHUTDOWN COMPLETE stand alone, cookies come first. */
  @Test
  void chunksThatMustStandAloneDo() {
    establish();
    for (String chunks :
        new String[] {
          DATA + SHUTDOWN_COMPLETE,
          SHUTDOWN_COMPLETE + DATA,
          DATA + COOKIE_ECHO,
          INIT + DATA,
          "00000000"
        }) {
      assertThat(client(11, chunks)).as(chunks).isEqualTo(ConnectionState.NONE);
    }
    assertThat(client(11, COOKIE_ECHO + DATA)).isEqualTo(ConnectionState.ESTABLISHED);
    assertThat(client(11, DATA + SHUTDOWN)).isEqualTo(ConnectionState.ESTABLISHED);
    assertThat(entry()).isEqualTo("SHUTDOWN_SENT 3");
  }

  @Test
  void aWrongTagIsInvalidWhateverTheChunk() {
    establish();
    for (String chunk : new String[] {DATA, SHUTDOWN, ABORT, COOKIE_ECHO, SHUTDOWN_COMPLETE}) {
      assertThat(client(99, chunk)).as(chunk).isEqualTo(ConnectionState.NONE);
    }
    assertThat(entry()).isEqualTo("ESTABLISHED 210");
  }

  /** RFC 9260, 8.5.1: with the T bit the tag is that of the other direction. */
  @Test
  void anAbortMayReflectTheTag() {
    establish();
    assertThat(server(11, ABORT)).isEqualTo(ConnectionState.NONE);
    assertThat(server(11, REFLECTED_ABORT)).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(entry()).isEqualTo("CLOSED 10");
  }

  @Test
  void anAbortClosesAtOnce() {
    establish();
    assertThat(client(11, ABORT)).isEqualTo(ConnectionState.ESTABLISHED);
    assertThat(entry()).isEqualTo("CLOSED 10");
  }

  @Test
  void dataKeepsAnAssociationAlive() {
    establish();
    router.at(200);
    server(10, DATA);
    assertThat(entry()).isEqualTo("ESTABLISHED 210");
    assertThat(router.only().packets(Direction.REPLY)).isEqualTo(3);
  }

  /** A second answer to one INIT, with another tag, is not of this association. */
  @Test
  void anInitAckWithAnotherTagIsInvalid() {
    client(0, INIT);
    server(0, INIT_ACK.replace("0000000b", "0000000c"));
    assertThat(server(10, INIT_ACK)).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(entry()).isEqualTo("COOKIE_WAIT 3");
  }

  /** Such chunks end or answer an association and never begin one, whatever their tag. */
  @ParameterizedTest
  @ValueSource(strings = {ABORT, SHUTDOWN_COMPLETE, COOKIE_ACK, DATA, "", DATA + DATA})
  void chunksThatBeginNothingAreInvalid(String chunks) {
    assertThat(client(0, chunks)).isEqualTo(ConnectionState.NONE);
    assertThat(router.conntrack.size()).isZero();
  }

  /** RFC 9260, 8.4: a shutdown that is answered out of the blue is completed with the same tag. */
  @Test
  void aShutdownAckOutOfTheBlueIsCompletedWithItsTag() {
    client(7, SHUTDOWN_ACK);
    assertThat(server(8, SHUTDOWN_COMPLETE)).isEqualTo(ConnectionState.NONE);
    assertThat(server(7, SHUTDOWN_COMPLETE)).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(entry()).isEqualTo("CLOSED 10");
  }

  @Test
  void anAssociationIsAssuredByItsCookieAckAlone() {
    client(0, INIT);
    server(10, INIT_ACK);
    client(11, COOKIE_ECHO);
    assertThat(router.only().hasAny(ConnectionStatus.ASSURED)).isFalse();
    server(10, COOKIE_ACK);
    assertThat(router.only().hasAny(ConnectionStatus.ASSURED)).isTrue();
  }

  /** A restarted peer is let through, but neither believed nor given more time. */
  @Test
  void aHeartbeatWithAnotherTagPassesAloneAndGivesNoTime() {
    establish();
    router.at(10);
    assertThat(client(99, HEARTBEAT)).isEqualTo(ConnectionState.ESTABLISHED);
    assertThat(entry()).isEqualTo("ESTABLISHED 200");
    assertThat(client(99, HEARTBEAT + DATA)).isEqualTo(ConnectionState.NONE);
    assertThat(client(99, HEARTBEAT + HEARTBEAT)).isEqualTo(ConnectionState.NONE);
    assertThat(client(11, HEARTBEAT)).isEqualTo(ConnectionState.ESTABLISHED);
    assertThat(entry()).isEqualTo("ESTABLISHED 210");
  }

  /** The heartbeat, its answer and what both ends send then: all across packets. */
  @Test
  void aRestartedPeerIsKnownByTheAnswerToItsHeartbeat() {
    establish();
    client(99, HEARTBEAT);
    assertThat(client(99, HEARTBEAT_ACK)).isEqualTo(ConnectionState.NONE);
    assertThat(server(77, HEARTBEAT_ACK)).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(server(77, DATA)).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(server(10, DATA)).isEqualTo(ConnectionState.NONE);
    assertThat(client(99, HEARTBEAT)).isEqualTo(ConnectionState.ESTABLISHED);
    assertThat(client(99, DATA)).isEqualTo(ConnectionState.ESTABLISHED);
    assertThat(client(11, DATA)).isEqualTo(ConnectionState.NONE);
  }

  @Test
  void theServersHeartbeatIsRememberedWithItsDirection() {
    establish();
    server(99, HEARTBEAT);
    assertThat(server(99, HEARTBEAT_ACK)).isEqualTo(ConnectionState.NONE);
    assertThat(client(77, HEARTBEAT_ACK)).isEqualTo(ConnectionState.ESTABLISHED);
    assertThat(client(77, DATA)).isEqualTo(ConnectionState.ESTABLISHED);
  }

  private static String initiate(String chunk, String tag) {
    return chunk.replaceAll("0000000[ab]", tag);
  }

  /** RFC 9260, 5.2.1: of two INITs that cross, the answers must repeat what each end said. */
  @Test
  void initsThatCrossKeepTheirOwnTags() {
    client(0, INIT);
    assertThat(server(0, initiate(INIT, "00000014"))).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(server(10, INIT_ACK)).isEqualTo(ConnectionState.NONE);
    assertThat(server(10, initiate(INIT_ACK, "00000014")))
        .isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(entry()).isEqualTo("COOKIE_WAIT 3");
    assertThat(client(20, COOKIE_ECHO)).isEqualTo(ConnectionState.ESTABLISHED);
  }

  /** Only one end has said INIT: the newest answer to it counts. */
  @Test
  void aNewerInitAckReplacesTheTag() {
    client(0, INIT);
    server(10, INIT_ACK);
    assertThat(server(10, initiate(INIT_ACK, "0000000c")))
        .isEqualTo(ConnectionState.ESTABLISHED_REPLY);
    assertThat(client(11, COOKIE_ECHO)).isEqualTo(ConnectionState.NONE);
    assertThat(client(12, COOKIE_ECHO)).isEqualTo(ConnectionState.ESTABLISHED);
  }

  @Test
  void anInitAckThatNobodyAskedForMayNotChangeTheTag() {
    client(7, HEARTBEAT);
    assertThat(server(0, INIT_ACK)).isEqualTo(ConnectionState.NONE);
  }

  @Test
  void aRestartingClientGetsANewTag() {
    client(0, INIT);
    assertThat(client(0, initiate(INIT, "0000000c"))).isEqualTo(ConnectionState.NEW);
    assertThat(server(10, INIT_ACK)).isEqualTo(ConnectionState.NONE);
    assertThat(server(12, INIT_ACK)).isEqualTo(ConnectionState.ESTABLISHED_REPLY);
  }

  @Test
  void anInitThatIsCutShortChangesNothing() {
    client(0, INIT);
    router.at(4);
    assertThat(client(0, INIT.substring(0, 38))).isEqualTo(ConnectionState.NONE);
    assertThat(entry()).isEqualTo("CLOSED 6");
  }

  @Test
  void whatTheServerMayNotSayToAHeartbeatIsInvalid() {
    client(7, HEARTBEAT);
    assertThat(server(0, INIT)).isEqualTo(ConnectionState.NONE);
    assertThat(entry()).isEqualTo("HEARTBEAT_SENT 30");
  }
}
