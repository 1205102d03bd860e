package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CellBlocksTest {
  private static final int BLOCKS = 20_000; // in several segments

  private final CellBlocks blocks = new CellBlocks();

  @Test
  void blocksHoldWhatIsPutIntoThem() {
    int[] taken = new int[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
      taken[i] = blocks.take(4 * i + 1, 4 * i + 2);
      assertThat(blocks.get(taken[i] + 3)).isZero();
      blocks.put(taken[i] + 2, 4 * i + 3);
    }
    for (int i = 0; i < BLOCKS; i++) {
      assertThat(taken[i]).isNegative();
      int place = taken[i];
      assertThat(IntStream.range(0, CellBlocks.CELLS).map(cell -> blocks.get(place + cell)))
          .containsExactly(4 * i + 1, 4 * i + 2, 4 * i + 3, 0);
    }
  }

  @Test
  void blocksGivenBackAreTakenFirst() {
    int one = blocks.take(1, 0);
    int two = blocks.take(1, 0);
    blocks.giveBack(one);
    blocks.giveBack(two);
    assertThat(blocks.take(5, 6)).isEqualTo(two);
    assertThat(blocks.take(7, 8)).isEqualTo(one);
    assertThat(blocks.take(9, 10)).isNotIn(one, two);
    assertThat(blocks.get(one)).isEqualTo(7);
    assertThat(blocks.get(one + 1)).isEqualTo(8);
  }

  @Test
  void secondCellOfABlockIsKnown() {
    int block = blocks.take(1, 2);
    assertThat(CellBlocks.isSecond(block)).isFalse();
    assertThat(CellBlocks.isSecond(block + 1)).isTrue();
    assertThat(CellBlocks.isSecond(block + 2)).isFalse();
  }

  @Test
  void bitsAreKeptOfAllCellsButPlaces() {
    int block = blocks.take(0b1110, 0b0101);
    blocks.put(block + 3, block);
    blocks.keep(0b0110);
    assertThat(blocks.get(block)).isEqualTo(0b0110);
    assertThat(blocks.get(block + 1)).isEqualTo(0b0100);
    assertThat(blocks.get(block + 3)).isEqualTo(block);
  }
}
