package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.BaseEncoding;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Bytes recorded from Linux 6.18, as ICMP errors quoted them. */
final class WireFormatTest {
  private static final String UDP =
      "4500002000004000401125c50a0001020a020005a0290035000c597e78787878";
  private static final String TCP =
      "4500002c0000400040061bc60a0002040a0209014e2001bb000003e8000000005002ffff4c24000078787878";

  @Test
  void readsAUdpPacketThatTheKernelQuoted() {
    Packet packet = WireFormat.decode(bytes(UDP));
    assertThat(packet).hasToString("udp 10.0.1.2:41001 > 10.2.0.5:53");
    assertThat(packet.ttl()).isEqualTo(64);
    assertThat(packet.dontFragment()).isTrue();
    assertThat(packet.payloadLength()).isEqualTo(4);
  }

  @Test
  void writesTheKernelsBytesAgain() {
    assertThat(hex(WireFormat.encode(WireFormat.decode(bytes(UDP))))).isEqualTo(UDP);
    assertThat(hex(WireFormat.encode(WireFormat.decode(bytes(TCP))))).isEqualTo(TCP);
  }

  @Test
  void writesTheChecksumsThatTheKernelTakes() {
    String sctp =
        "4500002800004000408424430a00010b0a0001054e20005000000002227b8d1f0000000878787878";
    String udplite = "4500002000004000408824470a00010b0a0001054e200050000ca9ee78787878";
    assertThat(hex(WireFormat.encode(WireFormat.decode(bytes(sctp))))).isEqualTo(sctp);
    assertThat(hex(WireFormat.encode(WireFormat.decode(bytes(udplite))))).isEqualTo(udplite);
    Packet wrong = WireFormat.decode(bytes(sctp)).checksumValid(false);
    assertThat(hex(WireFormat.encode(wrong))).isEqualTo(sctp.replace("227b8d1f", "237b8d1f"));
  }

  @Test
  void readsThePortsOfAQuoteOfEightBytes() {
    Packet packet = WireFormat.decode(bytes(TCP.substring(0, 56)));
    assertThat(packet).hasToString("tcp 10.0.2.4:20000 > 10.2.9.1:443");
    assertThat(packet.tcpSequence()).isEqualTo(1000);
    assertThat(packet.length()).isEqualTo(44);
  }

  @Test
  void readsTheQuoteInsideAnIcmpError() {
    Packet error =
        new Packet()
            .addresses(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"))
            .protocol(IpProtocol.ICMP)
            .icmpType(3)
            .icmpCode(4)
            .icmpSequence(1400)
            .inner(WireFormat.decode(bytes(TCP)), 28);
    Packet read = WireFormat.decode(WireFormat.encode(error));
    assertThat(read.hasInner()).isTrue();
    assertThat(read.inner().destinationPort()).isEqualTo(443);
    assertThat(read.icmpSequence()).isEqualTo(1400);
    assertThat(read.payloadLength()).isEqualTo(28);
  }

  @Test
  void saysWhatIsWrongWithBytesThatAreNoPacket() {
    assertThatThrownBy(() -> WireFormat.decode(new byte[0])).hasMessage("no bytes");
    assertThatThrownBy(() -> WireFormat.decode(new byte[] {0x35}))
        .hasMessage("IP version 4 or 6, found 3");
    assertThatThrownBy(() -> WireFormat.decode(new byte[] {0x45, 0}))
        .hasMessage("IPv4 header length 20 of 2 bytes");
    assertThatThrownBy(() -> WireFormat.decode(new byte[] {0x60, 0}))
        .hasMessage("the IPv6 header is cut off after 2 bytes");
  }

  private static byte[] bytes(String hex) {
    return BaseEncoding.base16().lowerCase().decode(hex);
  }

  private static String hex(byte[] bytes) {
    return BaseEncoding.base16().lowerCase().encode(bytes);
  }

  @Test
  void whatIsThereOfACutTcpHeaderStaysAsItIs() {
    Packet whole =
        new Packet()
            .addresses(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.2"))
            .ports(4000, 80)
            .tcpSequence(0x0102_0304)
            .tcpAcknowledgment(0x0506_0708)
            .tcpFlags(TcpFlags.ACK)
            .tcpWindow(0x1122)
            .tcpOptions(new byte[] {2, 4, 5, (byte) 0xb4, 1, 1, 4, 2});
    byte[] bytes = WireFormat.encode(whole);
    for (int there = 24; there <= bytes.length; there++) {
      byte[] cut = Arrays.copyOf(bytes, there);
      byte[] again = Arrays.copyOf(WireFormat.encode(WireFormat.decode(cut)), there);
      assertThat(withoutSum(again)).as("%s bytes", there).isEqualTo(withoutSum(cut));
    }
  }

  /** The checksum of TCP is reckoned anew, of what is there. */
  private static byte[] withoutSum(byte[] bytes) {
    byte[] rest = bytes.clone();
    for (int at = 36; at < Math.min(38, bytes.length); at++) {
      rest[at] = 0;
    }
    return rest;
  }
}
