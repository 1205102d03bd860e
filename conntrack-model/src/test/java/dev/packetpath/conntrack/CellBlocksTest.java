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
      taken[i] = blocks.take(3 * i, 3 * i + 1, -1);
      blocks.put(taken[i] + 2, 3 * i + 2);
    }
    for (int i = 0; i < BLOCKS; i++) {
      assertThat(taken[i]).isNegative();
      int place = taken[i];
      assertThat(IntStream.range(0, CellBlocks.CELLS).map(cell -> blocks.get(place + cell)))
          .containsExactly(3 * i, 3 * i + 1, 3 * i + 2);
    }
  }

  @Test
  void blocksGivenBackAreTakenFirst() {
    int one = blocks.take(1, 0, 0);
    int two = blocks.take(1, 0, 0);
    blocks.giveBack(one);
    blocks.giveBack(two);
    assertThat(blocks.take(5, 6, 7)).isEqualTo(two);
    assertThat(blocks.take(7, 8, 9)).isEqualTo(one);
    assertThat(blocks.take(9, 10, 11)).isNotIn(one, two);
    assertThat(blocks.get(one)).isEqualTo(7);
  }

  @Test
  void bitsAreKeptOfAllCellsButPlaces() {
    int block = blocks.take(0b1110, 0b0101, 0);
    blocks.put(block + 2, block);
    blocks.keep(0b0110);
    assertThat(blocks.get(block)).isEqualTo(0b0110);
    assertThat(blocks.get(block + 1)).isEqualTo(0b0100);
    assertThat(blocks.get(block + 2)).isEqualTo(block);
  }
}
