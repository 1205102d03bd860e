package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PiecesTest {
  @Test
  void buffersInUnitsOfEightBytesStayAsTheyAre() {
    assertThat(Pieces.of(68, 8, 48).canStay()).isTrue();
    assertThat(Pieces.of(68, 8, 49).canStay()).isFalse();
  }

  @Test
  void oneBufferIsCutAnew() {
    assertThat(Pieces.NONE.canStay()).isFalse();
    assertThat(Pieces.of(68, 48).joined()).isEqualTo(Pieces.of(68));
    assertThat(Pieces.NONE.joined()).isSameAs(Pieces.NONE);
  }

  @Test
  void theBuffersOfACopyAreCutAnewAlthoughTheyAreApart() {
    Pieces copy = Pieces.of(68, 48).ofCopy();
    assertThat(copy.canStay()).isFalse();
    assertThat(copy.starts().asList()).containsExactly(48);
    assertThat(copy.largest()).isEqualTo(68);
  }

  @Test
  void whatThePullOfAHeaderNeedsMovesIntoTheFirstBuffer() {
    assertThat(Pieces.of(68, 16, 48).pulled(20)).isEqualTo(Pieces.of(68, 20, 48));
    assertThat(Pieces.of(68, 8, 16, 48).pulled(20)).isEqualTo(Pieces.of(68, 20, 48));
    assertThat(Pieces.of(68, 8, 20).pulled(20)).isEqualTo(Pieces.of(68, 20));
    assertThat(Pieces.of(68, 24, 48).pulled(20)).isEqualTo(Pieces.of(68, 24, 48));
    assertThat(Pieces.of(68, 20, 48).pulled(20)).isEqualTo(Pieces.of(68, 20, 48));
    assertThat(Pieces.NONE.pulled(20)).isEqualTo(Pieces.NONE);
  }
}
