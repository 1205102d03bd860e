package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.Hook;
import dev.packetpath.core.HookPriority;
import dev.packetpath.core.Verdict;
import dev.packetpath.core.packet.Packet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * FTP over NAT that makes its text shorter or longer. Live conversations hold the same against the
 * kernel.
 */
class SequenceOffsetsTest {
  private static final String CLIENT = "10.0.1.100";
  private static final String SEEN = "10.0.2.1";
  private static final String SERVICE = "10.96.0.77";
  private static final String SERVER = "10.2.0.5";

  /** Two characters longer than what becomes of it. */
  private static final String PORT = "PORT 10,0,1,100,4,210\r\n";

  /** Two characters shorter than what becomes of it. */
  private static final String PASSIVE = "227 Entering Passive Mode (10,2,0,5,4,210).\r\n";

  private static final byte[] NO_OPTIONS = {};
  private static final byte[] SACK_PERMITTED = {4, 2, 1, 1};

  private final Router router = new Router();

  @BeforeEach
  void open() {
    router.masquerade(NatRange.ANY).dnat(SERVER, 0);
    router.on(
        Hook.PREROUTING,
        HookPriority.CONNTRACK - 1,
        (packet, state) -> {
          if (packet.destinationPort() == 21) {
            PacketConnection.template(
                packet, new ConnectionTemplate(Zone.DEFAULT, false, "ftp", TimeoutPolicy.NONE));
          }
          return Verdict.ACCEPT;
        });
    fromClient("S", 99, 0, "", SACK_PERMITTED);
    fromServer("SA", 499, 100, "", SACK_PERMITTED);
    fromClient("A", 100, 500, "");
    fromServer("PA", 500, 100, "220 hi\r\n"); // to 508
    fromClient("PA", 100, 508, "USER x\r\n"); // to 108
  }

  private Packet fromClient(String flags, int sequence, int ack, String text, byte... options) {
    Packet packet = Router.tcp(CLIENT, 1000, SERVICE, 21, flags);
    return router.fromEth0(fill(packet, sequence, ack, text, options));
  }

  private Packet fromServer(String flags, int sequence, int ack, String text, byte... options) {
    Packet packet = Router.tcp(SERVER, 21, SEEN, 1000, flags);
    return router.fromEth1(fill(packet, sequence, ack, text, options));
  }

  private static Packet fill(Packet packet, int sequence, int ack, String text, byte[] options) {
    packet.tcpSequence(sequence).tcpAcknowledgment(ack).tcpWindow(65_535).tcpOptions(options);
    return packet.payload(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] sack(int... edges) {
    ByteBuffer options = ByteBuffer.allocate(4 + 4 * edges.length);
    options.put(new byte[] {1, 1, 5, (byte) (2 + 4 * edges.length)});
    for (int edge : edges) {
      options.putInt(edge);
    }
    return options.array();
  }

  private static void assertNumbers(Packet packet, int sequence, int acknowledgment) {
    assertThat(packet.tcpSequence()).isEqualTo(sequence);
    assertThat(packet.tcpAcknowledgment()).isEqualTo(acknowledgment);
    assertThat(Router.state(packet)).isNotEqualTo(ConnectionState.NONE);
  }

  private Connection control() {
    return router.conntrack.connections().get(0);
  }

  @Test
  void packetThatIsRewrittenKeepsItsNumber() {
    assertThat(control().hasAny(ConnectionStatus.SEQ_ADJUST)).isFalse();
    Packet port = fromClient("PA", 108, 508, PORT);
    assertThat(new String(port.payload(), StandardCharsets.US_ASCII))
        .isEqualTo("PORT 10,0,2,1,4,210\r\n");
    assertNumbers(port, 108, 508);
    assertThat(control().hasAny(ConnectionStatus.SEQ_ADJUST)).isTrue();
  }

  /** As a capture leaves them that was cut short. */
  @Test
  void bytesBehindTheKnownOnesStay() {
    Packet port = fill(Router.tcp(CLIENT, 1000, SERVICE, 21, "PA"), 108, 508, PORT, NO_OPTIONS);
    int known = port.payloadLength();
    Packet seen = router.fromEth0(port.payloadLength(known + 100));
    assertThat(seen.payload()).hasSize(known - 2);
    assertThat(seen.payloadLength()).isEqualTo(known - 2 + 100);
  }

  @Test
  void laterPacketsMoveAndTheirAcknowledgmentsMoveBack() {
    fromClient("PA", 108, 508, PORT); // to 131, seen as 129
    assertNumbers(fromServer("PA", 508, 129, "200 ok\r\n"), 508, 131);
    assertNumbers(fromClient("PA", 131, 516, "LIST\r\n"), 129, 516);
    assertNumbers(fromServer("A", 516, 135, ""), 516, 137);
  }

  @Test
  void whatIsSentAgainFromBeforeStaysWhereItWas() {
    fromClient("PA", 108, 508, PORT);
    assertNumbers(fromClient("PA", 100, 508, "USER x\r\n"), 100, 508);
    assertNumbers(fromClient("PA", 108, 508, PORT), 108, 508);
    assertNumbers(fromServer("A", 508, 108, ""), 508, 108);
    assertNumbers(fromClient("PA", 131, 508, "LIST\r\n"), 129, 508);
  }

  @Test
  void changesAddUp() {
    fromClient("PA", 108, 508, PORT); // to 131, seen as 129
    assertNumbers(fromClient("PA", 131, 508, PORT), 129, 508); // to 154, seen as 150
    assertNumbers(fromClient("PA", 154, 508, "LIST\r\n"), 150, 508);
    assertNumbers(fromServer("A", 508, 150, ""), 508, 154);
    assertNumbers(fromServer("A", 508, 129, ""), 508, 131);
  }

  @Test
  void answersOfTheServerGrow() {
    fromServer("PA", 508, 108, PASSIVE); // to 553, seen as 555
    assertNumbers(fromClient("A", 108, 555, ""), 108, 553);
    assertNumbers(fromServer("PA", 553, 108, "150 go\r\n"), 555, 108);
  }

  @Test
  void selectiveAcknowledgmentsMoveBack() {
    fromClient("PA", 108, 508, PORT);
    fromClient("PA", 131, 508, "LIST\r\n");
    Packet packet = fromServer("A", 508, 108, "", sack(100, 104, 129, 135));
    assertNumbers(packet, 508, 108);
    assertThat(packet.tcpOptions()).isEqualTo(sack(100, 104, 131, 137));
  }

  @Test
  void optionsThatCannotBeReadAreDropped() {
    byte[] broken = {1, 1, 5, 40};
    assertThat(fromServer("A", 508, 108, "", broken)).isNotSameAs(Router.NOTHING);
    fromClient("PA", 108, 508, PORT);
    assertThat(fromServer("A", 508, 108, "", broken)).isSameAs(Router.NOTHING);
    assertThat(router.conntrack.statistics().drop()).isEqualTo(1);
  }

  @Test
  void acknowledgmentOfTextThatGrewIsInTheWindow() {
    String spaces = " ".repeat(65_000);
    fromServer("PA", 508, 108, PASSIVE);
    Packet beyond = fromClient("A", 108, 556, "");
    assertThat(Router.state(beyond)).as("more than was sent").isEqualTo(ConnectionState.NONE);
    fromServer("PA", 553, 108, spaces);
    assertNumbers(fromClient("A", 108, 555 + spaces.length(), ""), 108, 553 + spaces.length());
  }

  @Test
  void numbersWrapAround() {
    SequenceOffset offset = SequenceOffset.NONE.moved(-10, 7).moved(5, -3);
    assertThat(offset).isEqualTo(new SequenceOffset(5, 7, 4));
    assertThat(offset.at(-10)).isEqualTo(7);
    assertThat(offset.at(5)).isEqualTo(7);
    assertThat(offset.at(6)).isEqualTo(4);
    assertThat(offset.acknowledged(12)).isEqualTo(7);
    assertThat(offset.acknowledged(13)).isEqualTo(4);
    assertThat(offset.moved(4, 100)).isSameAs(offset);
  }
}
