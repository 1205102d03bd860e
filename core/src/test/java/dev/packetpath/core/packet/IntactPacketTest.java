package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
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
          new Oddity(Packet::atomicFragment, IntactPacketTest::isAtomicFragment),
          new Oddity(Packet::transportTruncated, Packet::transportTruncated),
          new Oddity((packet, is) -> packet.checksumValid(!is), packet -> !packet.checksumValid()),
          new Oddity(
              (packet, is) -> packet.pieces(is ? Pieces.of(40, 16) : Pieces.NONE),
              packet -> !packet.pieces().equals(Pieces.NONE)));

  private static boolean isAtomicFragment(Packet packet) {
    return packet.hasFragmentHeader() && !packet.isFragment();
  }

  private static Packet packet() {
    return new Packet().addresses(IpAddress.parse("fd00::1"), IpAddress.parse("fd00::2"));
  }

  @Test
  void eachOddityMakesAPacketLessThanIntact() {
    for (Oddity oddity : ODDITIES) {
      Packet packet = packet();
      assertThat(packet.isIntact()).isTrue();
      oddity.set.accept(packet, true);
      assertThat(packet.isIntact()).isFalse();
      assertThat(ODDITIES.stream().filter(each -> each.is.test(packet))).containsExactly(oddity);
      oddity.set.accept(packet, false);
      assertThat(packet.isIntact()).isTrue();
    }
  }

  @Test
  void odditiesComeAndGoByThemselves() {
    Packet packet = packet();
    ODDITIES.forEach(oddity -> oddity.set.accept(packet, true));
    for (Oddity oddity : ODDITIES) {
      assertThat(oddity.is.test(packet)).isTrue();
      oddity.set.accept(packet, false);
      assertThat(oddity.is.test(packet)).isFalse();
    }
    assertThat(packet.isIntact()).isTrue();
  }

  @Test
  void anotherTransportHeaderTakesAwayThatItWasCutOff() {
    Packet packet = packet();
    ODDITIES.forEach(oddity -> oddity.set.accept(packet, true));
    packet.transportFrom(packet());
    assertThat(packet.transportTruncated()).isFalse();
    assertThat(packet.checksumValid()).isFalse();
    assertThat(packet.isFragment()).isTrue();
    packet.fragmentOffset(0).moreFragments(false).checksumValid(true);
    assertThat(isAtomicFragment(packet)).isTrue();
    packet.atomicFragment(false);
    assertThat(packet.isIntact()).as("in pieces").isFalse();
    assertThat(packet.pieces(Pieces.NONE).isIntact()).isTrue();
  }

  @Test
  void aCopyHasThemAndNoOthers() {
    for (Oddity oddity : ODDITIES) {
      Packet packet = packet();
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
