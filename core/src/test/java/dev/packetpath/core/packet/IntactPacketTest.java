package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** One question tells whether a packet has any of six oddities. */
class IntactPacketTest {
  /** An oddity: who sets it, and who asks for it. */
  private record Oddity(BiConsumer<Packet, Boolean> set, Predicate<Packet> is) {}

  private static final ImmutableList<Oddity> ODDITIES =
      ImmutableList.of(
          new Oddity((packet, is) -> packet.fragmentOffset(is ? 3 : 0), Packet::isLaterFragment),
          new Oddity(Packet::moreFragments, Packet::moreFragments),
          new Oddity(Packet::atomicFragment, packet -> !packet.isIntact()),
          new Oddity(Packet::transportTruncated, Packet::transportTruncated),
          new Oddity((packet, is) -> packet.checksumValid(!is), packet -> !packet.checksumValid()),
          new Oddity(
              (packet, is) -> packet.pieces(is ? Pieces.of(40, 16) : Pieces.NONE),
              packet -> !packet.pieces().equals(Pieces.NONE)));

  @Test
  void eachOddityMakesAPacketLessThanIntact() {
    for (Oddity oddity : ODDITIES) {
      Packet packet = new Packet();
      assertThat(packet.isIntact()).isTrue();
      oddity.set.accept(packet, true);
      assertThat(packet.isIntact()).isFalse();
      assertThat(ODDITIES.stream().filter(each -> each.is.test(packet))).contains(oddity);
      oddity.set.accept(packet, false);
      assertThat(packet.isIntact()).isTrue();
    }
  }

  @Test
  void odditiesComeAndGoByThemselves() {
    Packet packet = new Packet();
    ODDITIES.forEach(oddity -> oddity.set.accept(packet, true));
    for (Oddity oddity : ODDITIES) {
      assertThat(oddity.is.test(packet)).isTrue();
      assertThat(packet.isIntact()).isFalse();
      oddity.set.accept(packet, false);
    }
    assertThat(packet.isIntact()).isTrue();
  }

  @Test
  void aCopyHasThemAndNoOthers() {
    for (Oddity oddity : ODDITIES) {
      Packet packet = new Packet();
      oddity.set.accept(packet, true);
      Packet copy = new Packet();
      ODDITIES.forEach(each -> each.set.accept(copy, true));
      copy.copyFrom(packet);
      assertThat(copy.isIntact()).isFalse();
      oddity.set.accept(copy, false);
      assertThat(copy.isIntact()).isTrue();
    }
  }
}
