package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.BaseEncoding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options as RFC 7323 (window scale) and RFC 2018 (selective acknowledgment) write them. */
class TcpOptionsTest {
  private static byte[] bytes(String hex) {
    return BaseEncoding.base16().lowerCase().decode(hex);
  }

  private static TcpPeer syn(String options) {
    TcpPeer peer = new TcpPeer();
    peer.readOptions(bytes(options));
    return peer;
  }

  @Test
  void synOfLinuxOffersScaleAndSack() {
    TcpPeer peer = syn("020405b40402080a0000000100000000" + "01030307");
    assertThat(peer.scale()).isEqualTo(7);
    assertThat(peer.has(TcpPeer.WINDOW_SCALE)).isTrue();
    assertThat(peer.has(TcpPeer.SACK_PERMITTED)).isTrue();
  }

  @Test
  void scaleIsAtMostFourteen() {
    assertThat(syn("03030e").scale()).isEqualTo(14);
    assertThat(syn("0303ff").scale()).isEqualTo(14);
    assertThat(syn("030300").has(TcpPeer.WINDOW_SCALE)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"00030307", "0301030307", "0300030307", "02ff030307", "0302", "03"})
  void nothingIsReadBehindTheEndOrABrokenOption(String options) {
    TcpPeer peer = syn(options);
    assertThat(peer.has(TcpPeer.WINDOW_SCALE)).isFalse();
    assertThat(peer.has(TcpPeer.SACK_PERMITTED)).isFalse();
    assertThat(peer.scale()).isZero();
  }

  @Test
  void optionOfAnotherLengthIsPassedOver() {
    TcpPeer peer = syn("04030003040100");
    assertThat(peer.has(TcpPeer.WINDOW_SCALE)).isFalse();
    assertThat(peer.has(TcpPeer.SACK_PERMITTED)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'',100",
    "050a000000c8000000fa,250",
    "0101050a000000c8000000fa,250",
    "0204000a050a000000c8000000fa,250",
    "0512000000c8000000fa0000012c00000190,400",
    "05120000012c00000190000000c8000000fa,400",
    "050a0000000a00000014,100",
    "00050a000000c8000000fa,100",
    "050b000000c8000000fa00,100",
    "0502,100",
    "050a000000c8,100"
  })
  void highestRightEdgeCounts(String options, int highest) {
    assertThat(TcpOptions.highestSack(bytes(options), 100)).isEqualTo(highest);
  }

  @Test
  void rightEdgesAreComparedAroundTheEndOfTheSequenceNumbers() {
    assertThat(TcpOptions.highestSack(bytes("050affffff000000000a"), 0xffff_ff00)).isEqualTo(10);
    assertThat(TcpOptions.highestSack(bytes("050a00000001fffffff0"), 5)).isEqualTo(5);
  }
}
