package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Reassembly.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FragmentsTest {
  private static final long SECOND = VirtualClock.NS_PER_SECOND;

  private static Packet tcp(String source, String destination) {
    return new Packet()
        .addresses(IpAddress.parse(source), IpAddress.parse(destination))
        .ports(5, 6)
        .id(9)
        .tcpSequence(77)
        .tcpOptions(new byte[] {2, 4, 5, 6})
        .dontFragment(false)
        .payload("the quick brown fox jumps over the lazy dog".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void aPacketLeavesInTheFragmentsThatItCameIn() {
    Packet whole = tcp("10.0.1.1", "10.0.1.2").pieces(Pieces.of(52, 32, 40));
    List<Packet> pieces = Fragments.asTheyCame(whole);
    assertThat(pieces).extracting(Packet::length).containsExactly(20 + 32, 20 + 8, 20 + 27);
    assertThat(pieces).extracting(Packet::fragmentOffset).containsExactly(0, 4, 5);
    assertThat(pieces).extracting(Packet::moreFragments).containsExactly(true, true, false);
    assertThat(pieces).extracting(Packet::pieces).containsOnly(Pieces.NONE);
  }

  @Test
  void theLastFragmentFillsRoomThatIsNoMultipleOfEight() {
    Packet whole = tcp("10.0.1.1", "10.0.1.2"); // 24 + 43 bytes behind the IP header
    assertThat(Fragments.of(whole, 20 + 27))
        .extracting(Packet::length)
        .containsExactly(20 + 24, 20 + 24, 20 + 19);
    assertThat(Fragments.of(whole, 20 + 19))
        .extracting(Packet::length)
        .containsExactly(20 + 16, 20 + 16, 20 + 16, 20 + 19);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 16, 24, 32})
  void aHeaderCutInTwoIsReadAgainWhenThePacketIsWhole(int first) {
    Packet whole = tcp("10.0.1.1", "10.0.1.2").pieces(Pieces.of(0, first, 40));
    List<Packet> pieces = Fragments.asTheyCame(whole);
    assertThat(pieces.get(0).transportTruncated()).isEqualTo(first < 24);
    assertThat(pieces.get(0).length()).isEqualTo(20 + first);

    Reassembly reassembly = new Reassembly(new VirtualClock(), SECOND, SECOND);
    assertThat(reassembly.take(pieces.get(2), false)).isEqualTo(Outcome.WAITS);
    assertThat(reassembly.take(pieces.get(1), false)).isEqualTo(Outcome.WAITS);
    Packet last = pieces.get(0);
    assertThat(reassembly.take(pieces.get(1), false)).isEqualTo(Outcome.WAITS);
    assertThat(reassembly.take(last, false)).isEqualTo(Outcome.WHOLE);
    assertThat(WireFormat.encode(last)).isEqualTo(WireFormat.encode(whole));
    assertThat(last.transportTruncated()).isFalse();
    assertThat(last.sourcePort()).isEqualTo(5);
    assertThat(last.tcpSequence()).isEqualTo(77);
    assertThat(last.tcpOptions()).containsExactly(2, 4, 5, 6);
    assertThat(last.pieces().starts().asList()).containsExactly(first, 40);
  }

  @Test
  void anIpv6PacketThatFitsIntoOneFragmentIsAnAtomicOne() {
    Packet whole = tcp("fd00::1", "fd00::2");
    Packet atomic = Fragments.of(whole, 1280).get(0);
    assertThat(atomic.isFragment()).isFalse();
    assertThat(atomic.hasFragmentHeader()).isTrue();
    assertThat(atomic.length()).isEqualTo(whole.length() + 8);
    byte[] bytes = WireFormat.encode(atomic);
    assertThat(bytes[6]).isEqualTo((byte) IpProtocol.FRAGMENT);
    assertThat(WireFormat.decode(bytes).hasFragmentHeader()).isTrue();
    assertThat(WireFormat.encode(WireFormat.decode(bytes))).isEqualTo(bytes);

    assertThat(new Reassembly(new VirtualClock(), SECOND, SECOND).take(atomic, false))
        .isEqualTo(Outcome.WHOLE);
    assertThat(atomic.hasFragmentHeader()).isFalse();
  }

  @Test
  void anIpv4PacketThatFitsStaysWhatItIs() {
    Packet whole = tcp("10.0.1.1", "10.0.1.2");
    assertThat(Fragments.of(whole, 1280)).hasSize(1);
    assertThat(Fragments.of(whole, 1280).get(0).hasFragmentHeader()).isFalse();
    assertThat(Fragments.of(whole, 1280).get(0).length()).isEqualTo(whole.length());
  }

  @Test
  void aFragmentOfIpv4IsCutFurther() {
    Packet whole = tcp("10.0.1.1", "10.0.1.2");
    Packet first = Fragments.of(whole, 20 + 48).get(0);
    assertThat(Fragments.of(first, 20 + 32))
        .satisfiesExactly(
            piece -> assertThat(piece.length()).isEqualTo(20 + 32),
            piece -> {
              assertThat(piece.fragmentOffset()).isEqualTo(4);
              assertThat(piece.moreFragments()).isTrue();
              assertThat(piece.length()).isEqualTo(20 + 16);
            });
    Packet last = Fragments.of(whole, 20 + 32).get(2);
    assertThat(Fragments.of(last.moreFragments(false), 28))
        .extracting(Packet::fragmentOffset)
        .containsExactly(8);
    Packet middle = Fragments.of(whole, 20 + 32).get(1);
    assertThat(Fragments.of(middle.moreFragments(false), 20 + 24))
        .extracting(Packet::fragmentOffset, Packet::moreFragments)
        .containsExactly(tuple(4, true), tuple(7, false));
  }

  @Test
  void aFragmentOfIpv6IsNotCutAgain() {
    assertThatThrownBy(() -> Fragments.of(tcp("fd00::1", "fd00::2").moreFragments(true), 96))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
