package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Linux 6.18 did with these packets and {@code -j CT --helper ftp}. */
class FtpHelperTest {
  private static final String CLIENT = "10.0.1.5";
  private static final String SERVER = "10.2.0.5";
  private static final String PORT = "PORT 10,0,1,5,4,210\r\n";
  private static final String PASSIVE = "227 Entering Passive Mode (10,2,0,5,4,210).\r\n";
  private static final int RAW = HookPriority.CONNTRACK - 1;

  private final Router router = new Router();
  private String seen = CLIENT;
  private int client = 100;
  private int server = 500;

  /** Opens a control connection, each end of which has said a line. */
  private void open() {
    router.on(
        Hook.PREROUTING,
        RAW,
        (packet, state) -> {
          if (packet.destinationPort() == 21) {
            PacketConnection.template(
                packet, new ConnectionTemplate(Zone.DEFAULT, false, "ftp", TimeoutPolicy.NONE));
          }
          return Verdict.ACCEPT;
        });
    fromClient("S", "");
    fromServer("SA", "");
    fromClient("A", "");
    fromServer("PA", "220 hi\r\n");
    fromClient("PA", "USER x\r\n");
  }

  private void masquerade() {
    router.masquerade(NatRange.ANY);
    seen = "10.0.2.1";
  }

  private Packet fromClient(String flags, String text) {
    Packet packet = Router.tcp(CLIENT, 1000, SERVER, 21, flags);
    fill(packet, client, flags.equals("S") ? 0 : server, text);
    client += text.length() + (flags.equals("S") ? 1 : 0);
    return router.fromEth0(packet);
  }

  private Packet fromServer(String flags, String text) {
    Packet packet = Router.tcp(SERVER, 21, seen, 1000, flags);
    fill(packet, server, client, text);
    server += text.length() + (flags.equals("SA") ? 1 : 0);
    return router.fromEth1(packet);
  }

  private static void fill(Packet packet, int sequence, int acknowledgment, String text) {
    packet.tcpSequence(sequence).tcpAcknowledgment(acknowledgment).tcpWindow(65_535);
    packet.payload(text.getBytes(StandardCharsets.US_ASCII));
  }

  private Packet say(String line) {
    return Character.isDigit(line.charAt(0)) ? fromServer("PA", line) : fromClient("PA", line);
  }

  private Packet data(String line) {
    return Character.isDigit(line.charAt(0))
        ? router.fromEth0(Router.tcp(CLIENT, 2000, SERVER, 1234, "S"))
        : router.fromEth1(Router.tcp(SERVER, 20, seen, 1234, "S"));
  }

  private static String text(Packet packet) {
    return new String(packet.payload(), StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PORT,
        "EPRT |1|10.0.1.5|1234|\r\n",
        PASSIVE,
        "229 Entering Extended Passive Mode (|||1234|)\r\n"
      })
  void announcedConnectionIsRelated(String line) {
    open();
    Packet control = say(line);
    assertThat(text(control)).isEqualTo(line);
    assertThat(router.conntrack.expectations().waiting()).hasSize(1);
    router.conntrack.connections().get(0).mark(5);
    Packet first = data(line);
    assertThat(Router.state(first)).isEqualTo(ConnectionState.RELATED);
    Connection connection = PacketConnection.connectionOf(first);
    assertThat(connection.hasAny(ConnectionStatus.EXPECTED)).isTrue();
    assertThat(connection.masterHelper()).isEqualTo("ftp");
    assertThat(connection.helper()).isEmpty();
    assertThat(connection.mark()).isEqualTo(5);
    assertThat(router.conntrack.expectations().waiting()).isEmpty();
  }

  @Test
  void activeConnectionIsMasqueradedBack() {
    masquerade();
    open();
    assertThat(text(say(PORT))).isEqualTo("PORT 10,0,2,1,4,210\r\n");
    Expectation expectation = router.conntrack.expectations().waiting().get(0);
    assertThat(expectation.source()).isEqualTo(IpAddress.parse(SERVER));
    assertThat(expectation.destination()).isEqualTo(IpAddress.parse("10.0.2.1"));
    assertThat(expectation.destinationPort()).isEqualTo(1234);
    Packet first = data(PORT);
    assertThat(first.toString()).startsWith("tcp 10.2.0.5:20 > 10.0.1.5:1234");
    assertThat(PacketConnection.connectionOf(first).reply())
        .isEqualTo(Tuple.of(Router.tcp(CLIENT, 1234, SERVER, 20, "S")));
  }

  @Test
  void addressOfAnExtendedPortIsRewritten() {
    masquerade();
    open();
    assertThat(text(say("EPRT |1|10.0.1.5|1234|\r\n"))).isEqualTo("EPRT |1|10.0.2.1|1234|\r\n");
  }

  @Test
  void passiveConnectionIsMasqueradedLikeItsMaster() {
    masquerade();
    open();
    assertThat(text(say(PASSIVE))).isEqualTo(PASSIVE);
    Packet first = data(PASSIVE);
    assertThat(first.toString()).startsWith("tcp 10.0.2.1:2000 > 10.2.0.5:1234");
    assertThat(Router.state(first)).isEqualTo(ConnectionState.RELATED);
  }

  @Test
  void announcementForSomebodyElseIsPassedOver() {
    open();
    assertThat(say("PORT 10,0,1,9,4,210\r\n")).isNotSameAs(Router.NOTHING);
    assertThat(router.conntrack.expectations().waiting()).isEmpty();
    assertThat(Router.state(data(PORT))).isEqualTo(ConnectionState.NEW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PO", "PORT", "PORT 10,0,1", "PORT 10,0,1,5,4,300\r\n", "EPRT |1|x|1|\r\n"})
  void commandThatIsCutShortOrSpoiltIsDropped(String line) {
    open();
    assertThat(say(line)).isSameAs(Router.NOTHING);
  }

  @Test
  void commandInTheMiddleOfALineIsPassedOver() {
    open();
    say("LIST a");
    say(PORT);
    assertThat(router.conntrack.expectations().waiting()).isEmpty();
    say(PORT);
    assertThat(router.conntrack.expectations().waiting()).hasSize(1);
  }

  @Test
  void laterAnnouncementReplacesTheEarlier() {
    open();
    say(PORT);
    say("PORT 10,0,1,5,4,211\r\n");
    assertThat(router.conntrack.expectations().waiting())
        .extracting(Expectation::destinationPort)
        .containsExactly(1235);
  }

  @Test
  void announcementIsForgottenAfterFiveMinutes() {
    open();
    say(PORT);
    Expectation expectation = router.conntrack.expectations().waiting().get(0);
    assertThat(router.conntrack.expectations().remainingSeconds(expectation)).isEqualTo(300);
    router.at(299.5);
    assertThat(router.conntrack.expectations().waiting()).hasSize(1);
    assertThat(router.conntrack.expectations().remainingSeconds(expectation)).isZero();
    router.at(300);
    assertThat(router.conntrack.expectations().waiting()).isEmpty();
  }

  @Test
  void announcementEndsWithItsConnection() {
    open();
    say(PORT);
    router.conntrack.flush();
    assertThat(router.conntrack.expectations().waiting()).isEmpty();
    assertThat(Router.state(data(PORT))).isEqualTo(ConnectionState.NEW);
  }

  @Test
  void connectionWithoutHelperAnnouncesNothing() {
    fromClient("S", "");
    fromServer("SA", "");
    fromClient("A", "");
    fromClient("PA", "USER x\r\n");
    say(PORT);
    assertThat(router.conntrack.expectations().waiting()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"true,NOOP", "false,200 OK", "true,227 (1,2,3,4,5,6)", "false,PORT 1"})
  void otherLinesAnnounceNothing(boolean fromClient, String line) {
    assertThat(FtpCommand.read(line.getBytes(StandardCharsets.US_ASCII), fromClient).reading())
        .isEqualTo(FtpCommand.Reading.OTHER);
  }
}
