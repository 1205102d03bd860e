package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Strings;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.FragmentQueue.Outcome;
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
      assertThat(queue.add(piece)).isEqualTo(Outcome.KEPT);
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
    assertThat(Stream.of(0, 1, 1, 0, 2).map(i -> queue.add(pieces.get(i))))
        .containsExactly(
            Outcome.KEPT, Outcome.KEPT, Outcome.REPEATS, Outcome.REPEATS, Outcome.KEPT);
    assertThat(queue.isComplete()).isTrue();
  }

  @Test
  void aPieceMayRepeatPartsOfTwoThatCameInOrder() {
    queue.add(piece(8, 16, true));
    queue.add(piece(24, 16, true));
    assertThat(queue.add(piece(16, 16, true))).isEqualTo(Outcome.REPEATS);
    assertThat(queue.add(piece(8, 32, true))).isEqualTo(Outcome.REPEATS);
  }

  @Test
  void aPieceThatRepeatsPartsOfTwoOutOfOrderBreaksThePacket() {
    queue.add(piece(24, 16, true));
    queue.add(piece(8, 16, true));
    assertThat(queue.add(piece(16, 16, true))).isEqualTo(Outcome.BROKEN);
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
    assertThat(queue.add(piece(firstAt, firstBytes, true))).isEqualTo(Outcome.KEPT);
    assertThat(queue.add(piece(secondAt, secondBytes, true))).as(why).isEqualTo(Outcome.BROKEN);
  }

  @Test
  void piecesThatTouchDoNotOverlap() {
    assertThat(queue.add(piece(16, 16, true))).isEqualTo(Outcome.KEPT);
    assertThat(queue.add(piece(8, 8, true))).isEqualTo(Outcome.KEPT);
    assertThat(queue.add(piece(32, 8, true))).isEqualTo(Outcome.KEPT);
  }

  @Test
  void twoEndsBreakThePacket() {
    assertThat(queue.add(piece(32, 10, false))).isEqualTo(Outcome.KEPT);
    assertThat(queue.add(piece(48, 10, false))).isEqualTo(Outcome.BROKEN);
  }

  @Test
  void aPieceBehindTheEndBreaksThePacket() {
    assertThat(queue.add(piece(32, 8, false))).isEqualTo(Outcome.KEPT);
    assertThat(queue.add(piece(40, 8, true))).isEqualTo(Outcome.BROKEN);
  }

  @Test
  void ofAPieceThatOthersFollowWholeUnitsOfEightBytesAreTaken() {
    assertThat(queue.add(piece(8, 12, true))).isEqualTo(Outcome.KEPT);
    assertThat(queue.add(piece(16, 12, false))).isEqualTo(Outcome.KEPT);
    assertThat(queue.add(fragments(40).get(0).payloadLength(4))).isEqualTo(Outcome.KEPT);
    assertThat(queue.isComplete()).isTrue();
    Packet whole = new Packet();
    queue.assembleInto(whole);
    assertThat(whole.payloadLength()).isEqualTo(20);
  }

  /** The first piece held 12 bytes of TCP's header already. */
  @Test
  void whatIsCutOfAHeaderMayBeShortenedOnceMore() {
    Packet first = piece(0, 12, true).protocol(IpProtocol.TCP).transportTruncated(true);
    assertThat(queue.add(first)).isEqualTo(Outcome.KEPT);
    assertThat(queue.add(piece(8, 20, false).protocol(IpProtocol.TCP))).isEqualTo(Outcome.KEPT);
    Packet whole = new Packet();
    queue.assembleInto(whole);
    assertThat(whole.length()).isEqualTo(20 + 28);
  }

  /** The unit ends within SCTP's header of 12 bytes: the rest of it comes from the next piece. */
  @Test
  void aHeaderMayBeCutToo() {
    Packet first = v6Piece(0, 2, true).addresses(v4(1), v4(2)).protocol(IpProtocol.SCTP);
    assertThat(queue.add(first.ports(5, 6))).isEqualTo(Outcome.KEPT);
    Packet rest = v6Piece(8, 20, false).addresses(v4(1), v4(2)).protocol(IpProtocol.SCTP);
    assertThat(queue.add(rest)).isEqualTo(Outcome.KEPT);
    Packet whole = new Packet();
    queue.assembleInto(whole);
    assertThat(whole.sourcePort()).isEqualTo(5);
    assertThat(whole.length()).isEqualTo(20 + 28);
  }

  @Test
  void whatIpv6RefusesLetsTheOthersWait() {
    assertThat(queue.add(v6Piece(16, 10, false))).isEqualTo(Outcome.KEPT);
    assertThat(queue.add(v6Piece(16, 12, false))).isEqualTo(Outcome.REFUSED);
    assertThat(queue.add(v6Piece(32, 16, true))).isEqualTo(Outcome.REFUSED);
    assertThat(queue.add(v6Piece(8, 0, true))).isEqualTo(Outcome.REFUSED);
    assertThat(queue.add(v6Piece(0, 16, true))).isEqualTo(Outcome.KEPT);
    assertThat(queue.isComplete()).isTrue();
  }

  @Test
  void anEndWithoutBytesTellsHowManyThereAre() {
    assertThat(queue.add(v6Piece(16, 0, false))).isEqualTo(Outcome.REFUSED);
    assertThat(queue.add(v6Piece(0, 16, true))).isEqualTo(Outcome.KEPT);
    assertThat(queue.isComplete()).isTrue();
    assertThat(new FragmentQueue(0).add(piece(16, 0, false))).isEqualTo(Outcome.BROKEN);
  }

  private static Packet v6Piece(int offset, int bytes, boolean more) {
    return piece(offset, bytes, more)
        .addresses(IpAddress.parse("fd01::1"), IpAddress.parse("fd01::2"))
        .protocol(253);
  }

  private static IpAddress v4(int host) {
    return IpAddress.parse("10.0.1." + host);
  }

  /**
   * The first of three fragments of 16, 16 and 12 bytes, the second, or the last may not be cut.
   */
  @ParameterizedTest
  @CsvSource({"0, true", "1, true", "2, false", "9, false"})
  void thePacketMayNotBeCutIfOneOfTheLargestFragmentsMayNot(int kept, boolean dontFragment) {
    List<Packet> pieces = fragments(36);
    for (int i = 0; i < pieces.size(); i++) {
      assertThat(queue.add(pieces.get(i).dontFragment(i == kept))).isEqualTo(Outcome.KEPT);
    }
    Packet whole = new Packet();
    queue.assembleInto(whole);
    assertThat(whole.dontFragment()).isEqualTo(dontFragment);
  }
}
