package dev.packetpath.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BucketCellsTest {
  private static final int LARGEST_NODE = Integer.MAX_VALUE - 1;
  private static final int TAG = 1 << 30;

  private final CellBlocks blocks = new CellBlocks();
  private final BucketCells cells = new BucketCells(8, 8, blocks);

  private List<Integer> nodes(int bucket) {
    List<Integer> nodes = new ArrayList<>();
    for (int node = cells.first(bucket); node != BucketCells.NONE; node = cells.next()) {
      nodes.add(node);
    }
    return nodes;
  }

  private void fill(int bucket, int count) {
    for (int node = 0; node < count; node++) {
      cells.insert(bucket, 0, node);
    }
  }

  private static List<Integer> newestFirst(int count) {
    return IntStream.range(0, count).mapToObj(i -> count - 1 - i).toList();
  }

  @Test
  void nothingIsInBucketsThatNothingWasPutInto() {
    assertThat(nodes(0)).isEmpty();
    assertThat(cells.first(7, 0)).isEqualTo(BucketCells.NONE);
    assertThat(cells.passed()).isZero();
    fill(3, 1);
    assertThat(nodes(2)).isEmpty();
    assertThat(nodes(4)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 80})
  void nodesOfABucketStandNewestFirstHoweverMany(int count) {
    fill(0, count);
    fill(7, 5);
    assertThat(nodes(0)).isEqualTo(newestFirst(count));
    assertThat(nodes(7)).isEqualTo(newestFirst(5));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 6, 7, 12})
  void anyNodeCanBeTakenOut(int count) {
    for (int gone = 0; gone < count; gone++) {
      fill(5, count);
      cells.remove(5, gone);
      List<Integer> left = new ArrayList<>(newestFirst(count));
      left.remove(Integer.valueOf(gone));
      assertThat(nodes(5)).isEqualTo(left);
      left.forEach(node -> cells.remove(5, node));
      assertThat(nodes(5)).isEmpty();
    }
  }

  /** The bucket holds 4, 3 and the place of a block with 2, 1 and 0. */
  @Test
  void blockIsGivenBackOnceItsNodesHaveRoomInTheBucket() {
    int firstBlock = new CellBlocks().take(1, 1, 1);
    fill(0, 5);
    cells.remove(0, 1);
    assertThat(blocks.take(1, 1, 1)).as("while two nodes are left").isNotEqualTo(firstBlock);
    cells.remove(0, 2);
    assertThat(blocks.take(1, 1, 1)).isEqualTo(firstBlock);
    assertThat(nodes(0)).containsExactly(4, 3, 0);
  }

  @Test
  void nodesOfABlockMoveIntoABucketThatEmptied() {
    fill(0, 5);
    cells.remove(0, 4);
    cells.remove(0, 3);
    assertThat(nodes(0)).containsExactly(2, 1, 0);
    cells.remove(0, 1);
    assertThat(nodes(0)).containsExactly(2, 0);
    assertThat(blocks.take(1, 1, 1)).isEqualTo(new CellBlocks().take(1, 1, 1));
    assertThat(nodes(0)).containsExactly(2, 0);
  }

  @Test
  void nodeInTwoBucketsIsTakenOutOfOne() {
    fill(0, 4);
    fill(1, 4);
    cells.remove(1, 2);
    assertThat(nodes(0)).isEqualTo(newestFirst(4));
    assertThat(nodes(1)).containsExactly(3, 1, 0);
  }

  @Test
  void nodesWithOtherTagsAreCountedAndNotReturned() {
    for (int node = 0; node < 10; node++) {
      cells.insert(0, node == 2 || node == 6 ? TAG : 0, node);
    }
    assertThat(cells.first(0, TAG)).isEqualTo(6);
    assertThat(cells.passed()).isEqualTo(4);
    assertThat(cells.next()).isEqualTo(2);
    assertThat(cells.passed()).isEqualTo(8);
    assertThat(cells.next()).isEqualTo(BucketCells.NONE);
    assertThat(cells.passed()).isEqualTo(10);
  }

  /** 26 bits for the nodes of 10 million buckets; the sign tells places of blocks. */
  @Test
  void tagsHaveTheBitsThatNodesDoNotTake() {
    BucketCells large = new BucketCells(10_000_000, 10_000_000, blocks);
    large.insert(9_999_999, 0, 0);
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      assertThat(large.first(9_999_999, 1 << bit))
          .as("hash of bit %s", bit)
          .isEqualTo(bit > 26 ? BucketCells.NONE : 0);
    }
  }

  @Test
  void largeNodesTakeBitsOfTags() {
    cells.insert(0, -1, 1);
    assertThat(cells.first(0, 0)).isEqualTo(BucketCells.NONE);
    fill(1, 5);
    cells.insert(0, -1, LARGEST_NODE);
    assertThat(nodes(0)).containsExactly(LARGEST_NODE, 1);
    assertThat(nodes(1)).isEqualTo(newestFirst(5));
    assertThat(cells.first(0, 0)).as("no tags are left").isEqualTo(LARGEST_NODE);
    cells.remove(0, LARGEST_NODE);
    assertThat(nodes(0)).containsExactly(1);
  }

  @Test
  void bucketsOfAGroupAreToldApartAndSplitOnceThereAreMoreNodesThanGroups() {
    BucketCells grouped = new BucketCells(64, 1, blocks);
    for (int node = 0; node < 640; node++) {
      grouped.insert(node % 64, -1, node);
      assertThat(grouped.first(node % 64, -1)).isEqualTo(node);
      assertThat(grouped.first((node + 1) % 64, -1)).isEqualTo(node < 63 ? -1 : node - 63);
    }
    for (int bucket = 0; bucket < 64; bucket++) {
      grouped.first(bucket);
      while (grouped.next() != BucketCells.NONE) {}
      assertThat(grouped.passed()).isEqualTo(10);
    }
  }

  /** 20 bits tell the buckets apart at first, of which the node leaves none. */
  @Test
  void largeNodesSplitGroups() {
    BucketCells grouped = new BucketCells(1 << 20, 1, blocks);
    grouped.insert(77, -1, 5);
    grouped.insert(78, -1, 6);
    grouped.insert(77, -1, LARGEST_NODE);
    assertThat(grouped.first(77)).isEqualTo(LARGEST_NODE);
    assertThat(grouped.next()).isEqualTo(5);
    assertThat(grouped.next()).isEqualTo(BucketCells.NONE);
    assertThat(grouped.first(78)).isEqualTo(6);
    assertThat(grouped.passed()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
  void nodeThatNoCellHoldsIsRefused(int node) {
    assertThatThrownBy(() -> cells.insert(0, 0, node))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a table has at most 2^29 entries of a family");
  }
}
