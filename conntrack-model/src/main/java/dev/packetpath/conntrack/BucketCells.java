package dev.packetpath.conntrack;

import static com.google.common.base.Preconditions.checkState;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntList;

/**
 * The nodes in each bucket of a hash table, newest first, each with some bits of its hash beside
 * it: its tag. Who looks for a node reads the rows of those alone whose tag fits, and who adds or
 * takes out a node reads no row. In a table of millions each row lies on a page of its own, and
 * waiting for it is what costs.
 *
 * <p>Neighbouring buckets share a group while there are few nodes, so that what is used of a large
 * table with few nodes lies together. Once there are more nodes than groups, each group is split in
 * two, until it is one bucket's.
 *
 * <p>A group has three cells side by side. When they are full, the next insertion moves them to a
 * block elsewhere, and the place of the block stands in the cell behind the new node; so those that
 * come and go most are in the group itself. Where there are two nodes for each bucket, 14% of the
 * buckets have a block.
 *
 * <p>A cell is 0 if it is empty and below 0 if it is the place of a block, behind which the group
 * or block has no node. Otherwise it has from the top the bits that tell its bucket from the others
 * of its group, the tag, and a node plus 1. As many bits are a node's as the largest up to now
 * takes: 26 for 10 million entries, so that tags have 5. The largest nodes of all leave no tags;
 * then all rows are read.
 *
 * <p>Hot: all methods. They do not allocate, but for the first insertion, for segments of blocks
 * and to split.
 */
final class BucketCells {
  /** No node. */
  static final int NONE = -1;

  private static final int CELLS = CellBlocks.CELLS;
  private static final int EMPTY = 0;

  /** The largest number of buckets: an array has no more cells. */
  static final int MAX_BUCKETS = (Integer.MAX_VALUE - 8) / CELLS;

  /** With fewer groups, splitting would cost more than lying together saves. */
  static final int FEW_GROUPS = 1 << 12;

  /** How many bits a cell has that is no place. */
  private static final int BITS = Integer.SIZE - 1;

  private final int buckets;
  private CellBlocks blocks;
  private int[] cells = {};
  private int nodes;

  /**
   * An insertion that makes more nodes than these asks {@link #makeRoom}: 0 before there are cells;
   * too few, which does no harm, once {@link #widen} has split groups.
   */
  private int mostNodes;

  /** A group has 2 to the power of this many buckets. */
  private int groupShift;

  /** The bits of a cell that are a node's, from the lowest. */
  private int nodeBits;

  /** The bits of a cell that tell buckets of a group apart. */
  private int bucketBits;

  /** These and those of the tag. */
  private int tagBits;

  // The walk: the place of its next cell, the last one of that group or block, what is sought.
  private int place;
  private int last;
  private int wanted;
  private int wantedBits;
  private int passed;

  /**
   * Creates cells.
   *
   * @param groups how many groups there may be at first
   */
  BucketCells(int buckets, int groups, CellBlocks blocks) {
    this.buckets = buckets;
    this.blocks = blocks;
    this.tagBits = Integer.MAX_VALUE;
    while (groups() > groups) {
      groupShift++;
    }
    bucketBits = bucketBits();
    holdNodesBelow((int) Math.min(4L * groups(), Integer.MAX_VALUE));
  }

  private int groups() {
    return ((buckets - 1) >>> groupShift) + 1;
  }

  private int bucketBits() {
    return Integer.MAX_VALUE & ~(Integer.MAX_VALUE >>> groupShift);
  }

  /** Sets the bits of nodes so that one may be as large as a number less 1. */
  private void holdNodesBelow(int end) {
    while (BITS - groupShift < Integer.SIZE - Integer.numberOfLeadingZeros(end)) {
      split();
    }
    nodeBits = -1 >>> Integer.numberOfLeadingZeros(end);
    tagBits &= ~nodeBits;
  }

  /** Returns what the cell of a node has above the node. */
  private int above(int bucket, int hash) {
    long both = (long) bucket << Integer.SIZE | (hash & 0xffff_ffffL);
    return (int) (both >>> 1 >>> groupShift) & Integer.MAX_VALUE;
  }

  /**
   * Returns the first node in a bucket whose tag fits a hash, as {@link FoundNode} has it.
   *
   * <p>Looks at the three cells of a group at once. How many of them have nodes, and which is the
   * one, is as good as random, so branches on it would be guessed wrong; here no branch depends on
   * it unless there is a block: 111 instead of 136 instructions for a flow that is found. With
   * {@link #remove} doing the same and {@link TimerWheel#mayExpire}, a new connection to the only
   * Service takes 832 instead of 890 ns. That none is alike, as new connections find, is seen
   * first: with {@link ConntrackTable#seekFree} small enough to be inlined, 334 instead of 343 ns.
   */
  long look(int bucket, int hash) {
    int[] all = cells;
    if (all.length == 0) {
      return FoundNode.of(NONE, 0);
    }
    int group = (bucket >>> groupShift) * CELLS;
    int sought = above(bucket, hash);
    int bits = tagBits;
    int ofBucket = bucketBits;
    int a = all[group]; // CELLS is 3
    int b = all[group + 1];
    int c = all[group + 2];
    int belowIfAnyAlike =
        below0(a ^ sought, bits) | below0(b ^ sought, bits) | below0(c ^ sought, bits);
    if ((belowIfAnyAlike | a | b | c) < 0) {
      int fitting = alike(a, b, c, sought, bits);
      int ofThis = alike(a, b, c, sought, ofBucket);
      if (fitting != 0) {
        int at = Integer.numberOfTrailingZeros(fitting);
        return FoundNode.of(node(all[group + at]), Integer.bitCount(ofThis & ((2 << at) - 1)));
      }
      return (a | b | c) < 0 ? FoundNode.UNKNOWN : FoundNode.of(NONE, Integer.bitCount(ofThis));
    }
    return FoundNode.of(
        NONE, seen(a, sought, ofBucket) + seen(b, sought, ofBucket) + seen(c, sought, ofBucket));
  }

  /** Returns a number below 0 if two cells that differ in some bits do not in those asked for. */
  private static int below0(int differing, int bits) {
    return (differing & bits) - 1;
  }

  /** Returns 1 if a cell, which is not the place of a block, has a node of a bucket; 0 if not. */
  private static int seen(int cell, int sought, int ofBucket) {
    return (-cell & below0(cell ^ sought, ofBucket)) >>> (Integer.SIZE - 1);
  }

  /** Returns a bit for each of three cells that has a node and, among some bits, what is sought. */
  private static int alike(int a, int b, int c, int sought, int bits) {
    return alike(a, sought, bits) | alike(b, sought, bits) << 1 | alike(c, sought, bits) << 2;
  }

  private static int alike(int cell, int sought, int bits) {
    int isNode = ~cell & -cell;
    return (isNode & below0(cell ^ sought, bits)) >>> (Integer.SIZE - 1);
  }

  /** Reads a bucket's first cell, and returns it. */
  int readAhead(int bucket) {
    int group = (bucket >>> groupShift) * CELLS;
    return cells.length == 0 ? EMPTY : cells[group];
  }

  /** Begins a walk of a bucket and returns its first node, {@link #NONE} for none. */
  int first(int bucket) {
    return first(bucket, 0, bucketBits);
  }

  /**
   * Begins a walk of the nodes in a bucket whose tag fits a hash and returns the first, {@link
   * #NONE} for none.
   */
  int first(int bucket, int hash) {
    return first(bucket, hash, tagBits);
  }

  private int first(int bucket, int hash, int bits) {
    place = (bucket >>> groupShift) * CELLS;
    last = cells.length == 0 ? place - 1 : place + CELLS - 1;
    passed = 0;
    wanted = above(bucket, hash);
    wantedBits = bits;
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
      int differing = cell ^ wanted;
      if ((differing & bucketBits) == 0) {
        passed++;
        if ((differing & wantedBits) == 0) {
          return node(cell);
        }
      }
    }
    return NONE;
  }

  /** Returns how many nodes of the bucket the walk has seen, whatever their tags. */
  int passed() {
    return passed;
  }

  /** Puts a node in front of the others of a bucket. */
  void insert(int bucket, int hash, int node) {
    if (++nodes > mostNodes) {
      makeRoom();
    }
    if (Integer.compareUnsigned(node, nodeBits) >= 0) {
      widen(node);
    }
    push(bucket >>> groupShift, (above(bucket, hash) & tagBits) | (node + 1));
  }

  private void makeRoom() {
    if (cells.length == 0) {
      cells = new int[groups() * CELLS];
    } else if (nodes > groups()) {
      split();
    }
    mostNodes = groupShift > 0 ? groups() : Integer.MAX_VALUE;
  }

  private void push(int group, int cell) {
    int at = group * CELLS;
    int first = cells[at];
    int second = cells[at + 1];
    int third = cells[at + 2];
    cells[at] = cell;
    if (third == EMPTY) {
      cells[at + 1] = first;
      cells[at + 2] = second;
    } else {
      cells[at + 1] = blocks.take(first, second, third);
      cells[at + 2] = EMPTY;
    }
  }

  /** Splits each group in two. The tags lose a bit, for which the hashes would have to be known. */
  private void split() {
    groupShift--;
    if (cells.length > 0) {
      int[] before = cells;
      CellBlocks blocksBefore = blocks;
      cells = new int[groups() * CELLS];
      blocks = new CellBlocks();
      tagBits &= tagBits << 1;
      IntArrayList group = new IntArrayList();
      for (int first = 0; first < before.length; first += CELLS) {
        group.clear();
        addAll(before, blocksBefore, first, group);
        for (int i = group.size() - 1; i >= 0; i--) {
          int cell = group.getInt(i);
          int half = first / CELLS * 2 + (cell >>> (BITS - 1));
          push(half, (cell << 1 & tagBits) | (cell & nodeBits));
        }
      }
    }
    bucketBits = bucketBits();
  }

  /** Adds the cells that a group has nodes in to a list, the newest first. */
  private static void addAll(int[] cells, CellBlocks blocks, int group, IntList all) {
    int at = group;
    int end = at + CELLS;
    while (at != end) {
      int cell = at < 0 ? blocks.get(at) : cells[at];
      if (cell == EMPTY) {
        return;
      }
      if (cell < 0) {
        at = cell;
        end = cell + CELLS;
      } else {
        all.add(cell);
        at++;
      }
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
    nodes--;
    int at = (bucket >>> groupShift) * CELLS;
    int a = cells[at];
    int b = cells[at + 1];
    int c = cells[at + 2];
    int isFirst = hasNode(a, node);
    int isFirstOrSecond = isFirst | hasNode(b, node);
    if ((isFirstOrSecond | hasNode(c, node)) == 0) {
      removeFromBlock(at, node);
      return;
    }
    cells[at] = (b & isFirst) | (a & ~isFirst);
    cells[at + 1] = (c & isFirstOrSecond) | (b & ~isFirstOrSecond);
    cells[at + 2] = EMPTY;
  }

  /** Returns -1 if a cell has a node, 0 if not. */
  private int hasNode(int cell, int node) {
    int differing = (cell & (nodeBits | Integer.MIN_VALUE)) ^ (node + 1);
    return (~differing & (differing - 1)) >> (Integer.SIZE - 1);
  }

  /** Takes out a node that is in one of the blocks of a group. */
  private void removeFromBlock(int group, int node) {
    int room = 0;
    int link = 0;
    int first = group;
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
    pullUp(first, link, room);
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
