package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import dev.packetpath.core.net.IpProtocol;
import org.junit.jupiter.api.Test;

final class AuthenticationHeadersTest {
  private static final String ADDRESSES =
      "fd010000000000000000000000000005fd020000000000000000000000000009";

  /** 24 bytes of header, then a datagram from port 500 to 53 with five bytes. */
  private static final String WHOLE =
      "6000000000253340"
          + ADDRESSES
          + "110400000000010000000001abababababababababababab"
          + "01f40035000d0000"
          + "68656c6c6f";

  @Test
  void theProtocolIsWhatTheHeadersLeadTo() {
    Packet packet = decode(WHOLE);
    assertThat(packet.protocol()).isEqualTo(IpProtocol.UDP);
    assertThat(packet.destinationPort()).isEqualTo(53);
    assertThat(packet.authentication()).hasSize(24);
    assertThat(packet.payloadLength()).isEqualTo(5);
    assertThat(packet.length()).isEqualTo(WHOLE.length() / 2);
  }

  @Test
  void bytesStayWhatTheyWere() {
    Packet packet = decode(WHOLE);
    Packet folded = WireFormat.folded(packet);
    assertThat(folded.protocol()).isEqualTo(IpProtocol.AH);
    byte[] headersAlone = WireFormat.encode(folded);
    byte[] bytes = WireFormat.encode(packet);
    assertThat(headersAlone).isEqualTo(bytes);
    assertThat(WireFormat.encode(WireFormat.decode(bytes))).isEqualTo(bytes);
  }

  @Test
  void aHeaderOfOneByteLeadsNowhere() {
    Packet packet = decode("6000000000013340" + ADDRESSES + "11");
    assertThat(packet.lacksProtocol()).isTrue();
    assertThat(packet.payloadLength()).isEqualTo(1);
  }

  @Test
  void aHeaderLongerThanThePacketLeadsToAProtocolWithoutHeader() {
    Packet packet = decode("6000000000033340" + ADDRESSES + "110400");
    assertThat(packet.protocol()).isEqualTo(IpProtocol.UDP);
    assertThat(packet.transportTruncated()).isTrue();
    assertThat(packet.payloadLength()).isZero();
  }

  @Test
  void fragmentsHoldTheHeadersLikePayload() {
    Packet packet = decode(WHOLE);
    var pieces = Fragments.of(packet, 40 + 8 + 16);
    assertThat(pieces).extracting(Packet::length).containsExactly(64, 64, 53);
    assertThat(pieces).extracting(Packet::protocol).containsExactly(17, 51, 51);
    FragmentQueue queue = new FragmentQueue(0);
    pieces.forEach(queue::add);
    Packet joined = new Packet();
    queue.assembleInto(joined);
    assertThat(WireFormat.encode(joined)).isEqualTo(WireFormat.encode(packet));
  }

  private static Packet decode(String hex) {
    return WireFormat.decode(BaseEncoding.base16().lowerCase().decode(hex));
  }
}
