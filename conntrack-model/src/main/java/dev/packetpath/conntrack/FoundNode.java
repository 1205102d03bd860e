package dev.packetpath.conntrack;

/**
 * What a look into a bucket found, in one number: the node in the lower half, and in the upper how
 * many nodes of the bucket were compared up to it, or in all where none was found.
 */
final class FoundNode {
  /** Only a walk of the bucket tells; its node is {@link BucketCells#NONE}. */
  static final long UNKNOWN = -1;

  private FoundNode() {}

  static long of(int node, int compared) {
    return (long) compared << Integer.SIZE | (node & 0xffff_ffffL);
  }

  static int node(long found) {
    return (int) found;
  }

  static int compared(long found) {
    return (int) (found >>> Integer.SIZE);
  }

  /** Returns whether it is known that there is no node. */
  static boolean isNone(long found) {
    return node(found) == BucketCells.NONE && found != UNKNOWN;
  }
}
