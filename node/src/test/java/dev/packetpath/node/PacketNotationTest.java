package dev.packetpath.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.SyntaxException;
import dev.packetpath.core.packet.Packet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PacketNotationTest {
  private static Packet packet(String text) {
    return ((PacketRequest.Given) PacketNotation.parse(text)).packet();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tcp 10.0.0.7:40000 > 10.96.0.10:80 syn       | tcp 10.0.0.7:40000 > 10.96.0.10:80 syn
          tcp 10.0.0.7:1>10.0.0.8:2 ack psh            | tcp 10.0.0.7:1 > 10.0.0.8:2 psh ack
          tcp 10.0.0.7 > 10.0.0.8:80                   | tcp 10.0.0.7:40000 > 10.0.0.8:80 syn
          TCP 10.0.0.7 > 10.0.0.8:80 FIN URG           | tcp 10.0.0.7:40000 > 10.0.0.8:80 fin urg
          tcp 10.0.0.7 > 10.0.0.8:80 none              | tcp 10.0.0.7:40000 > 10.0.0.8:80
          udp 10.0.0.7:53 > 10.0.0.8:53                | udp 10.0.0.7:53 > 10.0.0.8:53
          sctp 10.0.0.7:5 > 10.0.0.8:6                 | sctp 10.0.0.7:5 > 10.0.0.8:6
          icmp 10.0.0.7 > 10.0.0.8                     | icmp 10.0.0.7 > 10.0.0.8 type=8 code=0 id=1
          icmp 10.0.0.7 > 10.0.0.8 type=0 code=3 id=9  | icmp 10.0.0.7 > 10.0.0.8 type=0 code=3 id=9
          tcp [fd00::1]:1 > [fd00::2]:2 rst            | tcp [fd00::1]:1 > [fd00::2]:2 rst
          icmpv6 fd00::1 > fd00::2                     | icmpv6 fd00::1 > fd00::2 type=128 code=0 id=1
          """)
  void readsWhatPacketsPrint(String text, String expected) {
    assertThat(packet(text.strip()).toString()).isEqualTo(expected.strip());
  }

  @Test
  void readsTheSettingsAnywhere() {
    PacketRequest request =
        PacketNotation.parse(
            "in=eth0 mark=0x4000 udp 10.0.0.7:1 > 10.0.0.8:2 len=100 ttl=3 tos=0x10");

    assertThat(request)
        .isInstanceOfSatisfying(
            PacketRequest.Given.class,
            given -> {
              assertThat(given.in()).contains("eth0");
              assertThat(given.packet().mark()).isEqualTo(0x4000);
              assertThat(given.packet().payloadLength()).isEqualTo(100);
              assertThat(given.packet().length()).isEqualTo(128);
              assertThat(given.packet().ttl()).isEqualTo(3);
              assertThat(given.packet().tos()).isEqualTo(0x10);
            });
    assertThat(packet("tcp 10.0.0.7:1 > 10.0.0.8:2 mark=0xffffffff").mark()).isEqualTo(-1);
  }

  /** RFC 9260, section 5.1; the first byte of a packet's first chunk is its type. */
  @Test
  void opensAnSctpAssociationWithItsHandshake() {
    Packet init = packet("sctp 10.0.0.7:5 > 10.0.0.8:6");
    assertThat(init.payload()).startsWith(1, 0, 0, 20).hasSize(20);
    assertThat(init.sctpTag()).isZero();

    Packet initAck = FollowUp.reply(init, PacketChanges.NONE).orElseThrow();
    assertThat(initAck.payload()).startsWith(2, 0, 0, 20).hasSize(20);
    assertThat(initAck.sctpTag()).isEqualTo(1);

    Packet cookieEcho = FollowUp.again(init, true, PacketChanges.NONE);
    assertThat(cookieEcho.payload()).containsExactly(10, 0, 0, 4);
    assertThat(cookieEcho.sctpTag()).isEqualTo(1);
    assertThat(FollowUp.again(init, false, PacketChanges.NONE).payload()).startsWith(1);

    Packet cookieAck = FollowUp.reply(cookieEcho, PacketChanges.NONE).orElseThrow();
    assertThat(cookieAck.payload()).containsExactly(11, 0, 0, 4);
    assertThat(FollowUp.reply(cookieAck, PacketChanges.NONE).orElseThrow().payload())
        .containsExactly(3, 0, 0, 4);
  }

  @Test
  void numbersTcpAsInAHandshake() {
    assertThat(packet("tcp 10.0.0.7:1 > 10.0.0.8:2 syn").tcpSequence()).isZero();
    assertThat(packet("tcp 10.0.0.7:1 > 10.0.0.8:2 syn ack").tcpAcknowledgment()).isEqualTo(1);
    assertThat(packet("tcp 10.0.0.7:1 > 10.0.0.8:2 ack").tcpSequence()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reply", "again", "reply rst", "again ack psh len=5", "len=5 again"})
  void readsPacketsThatFollow(String text) {
    assertThat(PacketNotation.parse(text)).isNotInstanceOf(PacketRequest.Given.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tpc 1.1.1.1:1 > 2.2.2.2:2           | 1  | "tpc"
          in=eth0                             | 8  | the end
          in= tcp 1.1.1.1:1 > 2.2.2.2:2       | 1  | "in="
          port=1 tcp 1.1.1.1:1 > 2.2.2.2:2    | 1  | "port=1"
          mark=x tcp 1.1.1.1:1 > 2.2.2.2:2    | 6  | "x"
          mark=0x1ffffffff tcp 1.1.1.1:1 > 2.2.2.2:2 | 6 | "0x1ffffffff"
          tcp 1.1.1:1 > 2.2.2.2:2             | 5  | "1.1.1:1"
          tcp 1.1.1.1:99999 > 2.2.2.2:2       | 13 | "99999"
          tcp 1.1.1.1:-1 > 2.2.2.2:2          | 13 | "-1"
          tcp 1.1.1.1: > 2.2.2.2:2            | 13 | ""
          tcp 1.1.1.1:1 2.2.2.2:2             | 15 | "2.2.2.2:2"
          tcp 1.1.1.1:1 >                     | 16 | the end
          tcp 1.1.1.1:1                       | 14 | the end
          tcp 1.1.1.1:1 > 2.2.2.2             | 17 | "2.2.2.2"
          tcp [::1]:1 > 2.2.2.2:2             | 15 | "2.2.2.2:2"
          tcp [::1:1 > [::2]:2                | 5  | "[::1:1"
          tcp [::1]1 > [::2]:2                | 10 | "1"
          tcp 1.1.1.1:1 > 2.2.2.2:2 sny       | 27 | "sny"
          udp 1.1.1.1:1 > 2.2.2.2:2 syn       | 27 | "syn"
          udp 1.1.1.1:1 > 2.2.2.2:2 ttl=256   | 31 | "256"
          udp 1.1.1.1:1 > 2.2.2.2:2 ttl=1 ttl=2 | 33 | a second ttl=
          udp 1.1.1.1:1 > 2.2.2.2:2 type=8    | 27 | type=
          icmp 1.1.1.1:5 > 2.2.2.2            | 13 | ":5"
          icmp ::1 > ::2                      | 6  | "::1"
          icmpv6 1.1.1.1 > 2.2.2.2            | 8  | "1.1.1.1"
          reply in=eth0                       | 7  | in= with reply
          in=a in=b tcp 1.1.1.1:1 > 2.2.2.2:2 | 6  | a second in=
          tcp 1.1.1.1:1 > 2.2.2.2:2 syn SYN   | 31 | "SYN"
          tcp 1.1.1.1:1 > 2.2.2.2:2 none ack  | 32 | "ack"
          tcp 1.1.1.1:1 > 2.2.2.2:2 ack none  | 31 | "none"
          """)
  void namesTheColumnOfWhatDoesNotFit(String text, int column, String found) {
    assertThatThrownBy(() -> PacketNotation.parse(text.strip(), 3))
        .isInstanceOfSatisfying(
            SyntaxException.class,
            e -> {
              assertThat(e.found()).isEqualTo(found.strip());
              assertThat(e.column()).isEqualTo(column);
              assertThat(e.line()).isEqualTo(3);
            });
  }
}
