package dev.packetpath.conntrack;

import java.util.Arrays;

/**
 * The nodes that were found lately in a large table, one for each of 65,536 sets of buckets, each
 * with its connection and how many nodes were compared until it was found.
 *
 * <p>What it saves is waiting: in a table of millions the cells of a bucket, the row and its {@link
 * Connection} lie apart; each is only known once the one before it was read, and each read misses
 * the caches and the translation of addresses. This is less than a megabyte, which flows in use
 * keep in the cache, and names row and connection at once: looking up 10,000 flows of 10 million
 * takes 250 to 290 ns instead of 325 to 470.
 *
 * <p>It never changes an answer nor a count: a place is forgotten when a bucket of its set changes.
 *
 * <p>Hot: all methods. They do not allocate.
 */
final class RecentFinds {
  private static final int PLACE_BITS = 16;
  private static final int PLACES = 1 << PLACE_BITS;

  /** Up to here the buckets are no more than three megabytes. */
  private static final int LARGE = 4 * PLACES;

  /** What a small table remembers. */
  static final RecentFinds NONE = new RecentFinds(0);

  private static final long NOTHING = -1;
  private static final int BUCKET_SHIFT = 48;
  private static final int MAX_COMPARED = 0xffff;

  /**
   * From the top: what its place does not say of the bucket (15 bits), how many nodes were compared
   * (16), the node (32).
   */
  private final long[] found;

  private final Connection[] connections;

  private RecentFinds(int places) {
    found = new long[places];
    connections = new Connection[places];
    Arrays.fill(found, NOTHING);
    Arrays.fill(connections, Connection.NONE);
  }

  /** Returns what a table with so many buckets remembers: nothing yet, or nothing ever. */
  static RecentFinds of(int buckets) {
    return buckets > LARGE ? new RecentFinds(PLACES) : NONE;
  }

  /** Returns whether anything is ever remembered; if not, no other method may be called. */
  boolean exist() {
    return found.length != 0;
  }

  /** Returns the node that was found in a bucket, {@link ConntrackTable#NONE} if not known. */
  int node(int bucket) {
    long place = found[place(bucket)];
    return place >>> BUCKET_SHIFT == bucket >>> PLACE_BITS ? (int) place : ConntrackTable.NONE;
  }

  /** Returns the connection of {@link #node}. */
  Connection connection(int bucket) {
    return connections[place(bucket)];
  }

  /** Returns how many nodes were compared until {@link #node} was found. */
  int compared(int bucket) {
    return (int) (found[place(bucket)] >>> Integer.SIZE) & MAX_COMPARED;
  }

  /** Remembers what was found in a bucket. */
  void remember(int bucket, int node, Connection connection, int compared) {
    if (compared <= MAX_COMPARED) {
      int place = place(bucket);
      found[place] =
          (long) (bucket >>> PLACE_BITS) << BUCKET_SHIFT | (long) compared << Integer.SIZE | node;
      connections[place] = connection;
    }
  }

  /** Forgets what was found in a bucket, which changes. */
  void forget(int bucket) {
    int place = place(bucket);
    if (found[place] != NOTHING) {
      found[place] = NOTHING;
      connections[place] = Connection.NONE;
    }
  }

  private static int place(int bucket) {
    return bucket & (PLACES - 1);
  }
}
