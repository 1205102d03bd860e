package dev.packetpath.conntrack;

import static com.google.common.base.Preconditions.checkState;

/**
 * The nodes in each bucket of a hash table, newest first, each with some bits of its hash beside
 * it: its tag. Who looks for a node reads the rows of those alone whose tag fits, and who adds or
 * takes out a node reads no row. In a table of millions each row lies on a page of its own, and
 * waiting for it is what costs.
 *
 * <p>A bucket has three cells side by side. When they are full, the next insertion moves them to a
 * block elsewhere, and the place of the block stands in the cell behind the new node; so those that
 * come and go most are in the bucket itself. Where there are two nodes for each bucket, 14% of the
 * buckets have a block.
 *
 * <p>A cell is 0 if it is empty and below 0 if it is the place of a block, behind which the bucket
 * or block has no node. Otherwise its lower bits are a node plus 1 and those above are the tag. As
 * many bits are a node's as the largest up to now takes, at first as many as four nodes for each
 * bucket take: 26 for 10 million buckets, so that tags have 5. The largest nodes of all leave no
 * tags; then all rows are read.
 *
 * <p>Hot: all methods. They do not allocate, but for the first insertion and for segments of
 * blocks.
 */
final class BucketCells {
  /** No node. */
  static final int NONE = -1;

  private static final int CELLS = CellBlocks.CELLS;
  private static final int EMPTY = 0;

  /** The largest number of buckets: an array has no more cells. */
  static final int MAX_BUCKETS = (Integer.MAX_VALUE - 8) / CELLS;

  private final int buckets;
  private final CellBlocks blocks;
  private int[] cells = {};
  private int nodeBits;
  private int tagBits;

  // The walk: the place of its next cell, the last one of that bucket or block, what is sought.
  private int place;
  private int last;
  private int wanted;
  private int wantedBits;
  private int passed;

  BucketCells(int buckets, CellBlocks blocks) {
    this.buckets = buckets;
    this.blocks = blocks;
    holdNodesBelow((int) Math.min(4L * buckets, Integer.MAX_VALUE));
  }

  /** Sets the bits of nodes and tags so that a node may be as large as a number less 1. */
  private void holdNodesBelow(int end) {
    nodeBits = -1 >>> Integer.numberOfLeadingZeros(end);
    tagBits = Integer.MAX_VALUE & ~nodeBits;
  }

  /** Begins a walk of a bucket and returns its first node, {@link #NONE} for none. */
  int first(int bucket) {
    return first(bucket, 0, 0);
  }

  /**
   * Begins a walk of the nodes in a bucket whose tag fits a hash and returns the first, {@link
   * #NONE} for none.
   */
  int first(int bucket, int hash) {
    return first(bucket, hash, tagBits);
  }

  private int first(int bucket, int hash, int hashBits) {
    place = bucket * CELLS;
    last = Math.min(place + CELLS, cells.length) - 1;
    wanted = hash;
    wantedBits = hashBits;
    passed = 0;
    return next();
  }

  /**
   * Returns the next node of the walk, {@link #NONE} for none. There is one walk at a time, and
   * adding or taking out a node ends it.
   */
  int next() {
    while (place <= last) {
      int cell = get(place);
      if (cell == EMPTY) {
        return NONE;
      }
      if (cell < 0) {
        place = cell;
        last = cell + CELLS - 1;
        continue;
      }
      place++;
      passed++;
      if (((cell ^ wanted) & wantedBits) == 0) {
        return node(cell);
      }
    }
    return NONE;
  }

  /** Returns how many nodes the walk has seen, whatever their tags. */
  int passed() {
    return passed;
  }

  /** Puts a node in front of the others of a bucket. */
  void insert(int bucket, int hash, int node) {
    if (cells.length == 0) {
      cells = new int[buckets * CELLS];
    }
    if (Integer.compareUnsigned(node, nodeBits) >= 0) {
      widen(node);
    }
    int at = bucket * CELLS;
    int first = cells[at];
    int second = cells[at + 1];
    int third = cells[at + 2];
    cells[at] = (hash & tagBits) | (node + 1);
    if (third == EMPTY) {
      cells[at + 1] = first;
      cells[at + 2] = second;
    } else {
      cells[at + 1] = blocks.take(first, second, third);
      cells[at + 2] = EMPTY;
    }
  }

  /** Makes room for a larger node than any before, at the cost of tags. */
  private void widen(int node) {
    checkState(
        node >= 0 && node < Integer.MAX_VALUE, "a table has at most 2^29 entries of a family");
    int kept = nodeBits;
    holdNodesBelow(node + 1);
    kept |= tagBits;
    CellBlocks.keep(cells, kept);
    blocks.keep(kept);
  }

  /** Takes out a node that is in a bucket. */
  void remove(int bucket, int node) {
    int room = 0;
    int link = 0;
    int first = bucket * CELLS;
    int at = first;
    int cell = get(at);
    while (cell < 0 || node(cell) != node) {
      if (cell < 0) {
        link = at;
        room = first + CELLS - link;
        first = cell;
        at = cell;
      } else {
        at++;
      }
      cell = get(at);
    }
    int last = first + CELLS - 1;
    for (; at < last; at++) {
      put(at, get(at + 1));
    }
    put(last, EMPTY);
    if (first < 0) {
      pullUp(first, link, room);
    }
  }

  /** Moves what is left of a block to where its place stands, if there is room for it. */
  private void pullUp(int block, int link, int room) {
    if (room > 1 || get(block + 1) == EMPTY) {
      for (int i = 0; i < room; i++) {
        put(link + i, get(block + i));
      }
      blocks.giveBack(block);
    }
  }

  private int node(int cell) {
    return (cell & nodeBits) - 1;
  }

  private int get(int at) {
    return at < 0 ? blocks.get(at) : cells[at];
  }

  private void put(int at, int cell) {
    if (at < 0) {
      blocks.put(at, cell);
    } else {
      cells[at] = cell;
    }
  }
}
