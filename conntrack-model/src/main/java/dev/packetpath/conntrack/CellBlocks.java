package dev.packetpath.conntrack;

import java.util.Arrays;

/**
 * Blocks of three cells for the nodes of {@link BucketCells} that their buckets have no cell for. A
 * block that is given back is taken again first.
 *
 * <p>The place of a cell is a number below 0; those of a block follow each other.
 *
 * <p>Hot: all methods but {@link #keep}. They do not allocate, but for the segment that taking a
 * block may add.
 */
final class CellBlocks {
  /** How many cells a block has. */
  static final int CELLS = 3;

  /** A place is the number of a cell and this bit. */
  private static final int PLACE = Integer.MIN_VALUE;

  private static final int SEGMENT_BITS = 14;
  private static final int SEGMENT = 1 << SEGMENT_BITS;
  private static final int NOTHING = 0;

  private int[][] segments = {};
  private int unused = PLACE;

  /** The block that was given back last, whose first cell is the place of the one before. */
  private int free = NOTHING;

  /** Returns a cell. */
  int get(int place) {
    return segments[segment(place)][place & (SEGMENT - 1)];
  }

  /** Sets a cell. */
  void put(int place, int cell) {
    segments[segment(place)][place & (SEGMENT - 1)] = cell;
  }

  private static int segment(int place) {
    return (place & ~PLACE) >>> SEGMENT_BITS;
  }

  /** Returns the place of a block that holds three cells. */
  int take(int first, int second, int third) {
    int block = free;
    if (block == NOTHING) {
      block = unused;
      unused += CELLS;
      if (segment(unused - 1) == segments.length) {
        segments = Arrays.copyOf(segments, segments.length + 1);
        segments[segments.length - 1] = new int[SEGMENT];
      }
    } else {
      free = get(block);
    }
    put(block, first);
    put(block + 1, second);
    put(block + 2, third);
    return block;
  }

  /** Takes back a block. */
  void giveBack(int block) {
    put(block, free);
    free = block;
  }

  /** Clears bits of all cells that are not places. */
  void keep(int bits) {
    for (int[] segment : segments) {
      keep(segment, bits);
    }
  }

  /** Clears bits of those cells among some that are not places. */
  static void keep(int[] cells, int bits) {
    for (int i = 0; i < cells.length; i++) {
      cells[i] &= cells[i] < 0 ? -1 : bits;
    }
  }
}
