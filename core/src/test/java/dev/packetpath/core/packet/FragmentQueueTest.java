package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Strings;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FragmentQueueTest {
  private static final int SIZE = 16;

  private final FragmentQueue queue = new FragmentQueue(7);

  /** Returns the fragments, of 16 bytes each, of a datagram of so many bytes behind its header. */
  private static List<Packet> fragments(int bytes) {
    String text = Strings.repeat("abcdefghij", bytes / 10 + 1).substring(0, bytes);
    Packet whole =
        new Packet()
            .addresses(IpAddress.parse("10.0.1.1"), IpAddress.parse("10.0.1.2"))
            .protocol(IpProtocol.UDP)
            .ports(5, 6)
            .id(9)
            .payload(text.getBytes(StandardCharsets.US_ASCII));
    return Fragments.of(whole, whole.networkHeaderBytes() + SIZE);
  }

  /** Returns a later fragment. */
  private static Packet piece(int offset, int bytes, boolean more) {
    return new Packet()
        .addresses(IpAddress.parse("10.0.1.1"), IpAddress.parse("10.0.1.2"))
        .protocol(IpProtocol.UDP)
        .fragmentOffset(offset / 8)
        .moreFragments(more)
        .payloadLength(bytes);
  }

  @Test
  void itRemembersWhenItBegan() {
    assertThat(queue.sinceNs()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void allPiecesInAnyOrderMakeTheWhole(boolean turned) {
    List<Packet> pieces = new ArrayList<>(fragments(40));
    if (turned) {
      Collections.reverse(pieces);
    }
    for (Packet piece : pieces) {
      assertThat(queue.isComplete()).isFalse();
      assertThat(queue.add(piece)).isTrue();
    }
    assertThat(queue.isComplete()).isTrue();

    Packet whole = new Packet();
    queue.assembleInto(whole);
    assertThat(whole.isFragment()).isFalse();
    assertThat(whole.sourcePort()).isEqualTo(5);
    assertThat(whole.payload()).asString(StandardCharsets.US_ASCII).startsWith("abcdefghijabc");
    assertThat(whole.payload()).hasSize(40);
    assertThat(whole.pieces()).isEqualTo(Pieces.of(20 + SIZE, 16, 32));
  }

  @Test
  void aPieceTwiceIsTakenOnce() {
    List<Packet> pieces = fragments(40);
    Stream.of(0, 1, 1, 0, 2).forEach(i -> assertThat(queue.add(pieces.get(i))).isTrue());
    assertThat(queue.isComplete()).isTrue();
  }

  @Test
  void withoutItsMiddleItIsNotComplete() {
    List<Packet> pieces = fragments(40);
    queue.add(pieces.get(0));
    queue.add(pieces.get(2));
    assertThat(queue.isComplete()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "16, 16, 8, 16, 'the second begins inside the first and ends inside it or not'",
    "16, 16, 24, 16, 'the second begins inside the first and ends behind it'",
    "16, 16, 8, 32, 'the second holds the first'"
  })
  void piecesThatOverlapBreakThePacket(
      int firstAt, int firstBytes, int secondAt, int secondBytes, String why) {
    assertThat(queue.add(piece(firstAt, firstBytes, true))).isTrue();
    assertThat(queue.add(piece(secondAt, secondBytes, true))).as(why).isFalse();
  }

  @Test
  void piecesThatTouchDoNotOverlap() {
    assertThat(queue.add(piece(16, 16, true))).isTrue();
    assertThat(queue.add(piece(8, 8, true))).isTrue();
    assertThat(queue.add(piece(32, 8, true))).isTrue();
  }

  @Test
  void twoEndsBreakThePacket() {
    assertThat(queue.add(piece(32, 10, false))).isTrue();
    assertThat(queue.add(piece(48, 10, false))).isFalse();
  }

  @Test
  void aPieceBehindTheEndBreaksThePacket() {
    assertThat(queue.add(piece(32, 8, false))).isTrue();
    assertThat(queue.add(piece(40, 8, true))).isFalse();
  }

  @Test
  void anyPieceButTheLastHasWholeUnitsOfEightBytes() {
    assertThat(queue.add(piece(8, 12, true))).isFalse();
    assertThat(queue.add(piece(8, 12, false))).isTrue();
  }

  /**
   * The first of three fragments of 16, 16 and 12 bytes, the second, or the last may not be cut.
   */
  @ParameterizedTest
  @CsvSource({"0, true", "1, true", "2, false", "9, false"})
  void thePacketMayNotBeCutIfOneOfTheLargestFragmentsMayNot(int kept, boolean dontFragment) {
    List<Packet> pieces = fragments(36);
    for (int i = 0; i < pieces.size(); i++) {
      assertThat(queue.add(pieces.get(i).dontFragment(i == kept))).isTrue();
    }
    Packet whole = new Packet();
    queue.assembleInto(whole);
    assertThat(whole.dontFragment()).isEqualTo(dontFragment);
  }
}
