package dev.packetpath.conntrack;

import dev.packetpath.core.Work;

/**
 * Says which tuples connections have already, for who chooses one for the answers of another
 * (nf_conntrack_tuple_taken in net/netfilter/nf_conntrack_core.c, Linux 6.1).
 *
 * <p>Hot: {@link #isReplyFree} and {@link #seekReply}, which do not allocate. Belongs to one
 * thread.
 */
final class TakenTuples {
  private final Entries entries;
  private final ConntrackCounters counters;
  private final Work work;
  private final TupleKey key = new TupleKey();
  private final TupleKey own = new TupleKey();
  private int compared;

  TakenTuples(Entries entries, ConntrackCounters counters, Work work) {
    this.entries = entries;
    this.counters = counters;
    this.work = work;
  }

  /** Returns whether another connection than this one has a tuple. */
  boolean isTaken(Tuple tuple, Connection except) {
    key.set(tuple);
    long hash = entries.live().hashOf(key, except.zoneIn(Direction.REPLY));
    boolean taken = findsOther(hash, except);
    countSearch();
    counters.found += taken ? 1 : 0;
    return taken;
  }

  /** Looks for another connection with the tuple of a connection's answers, and only counts it. */
  void seekReply(Connection connection) {
    if (!isReplyFree(connection)) {
      countSearch();
      counters.found++;
    }
  }

  /**
   * Returns whether no other connection has the tuple of a connection's answers; counts the search
   * only if so.
   */
  boolean isReplyFree(Connection connection) {
    ConntrackTable table = entries.live();
    compared = table.seekFree(connection, Direction.REPLY);
    if (compared == ConntrackTable.TAKEN) {
      connection.key(Direction.REPLY, key);
      if (findsOther(table.hashOf(connection, Direction.REPLY), connection)) {
        return false;
      }
    }
    countSearch();
    return true;
  }

  private boolean findsOther(long hash, Connection except) {
    ConntrackTable table = entries.live();
    Zone zone = except.zoneOfDirections();
    int node = table.firstAlike(hash);
    while (node != ConntrackTable.NONE
        && (!table.isKey(node, key, zone) || isOriginal(except, node & ~1, zone))) {
      node = table.next();
    }
    compared = table.walked();
    return node != ConntrackTable.NONE;
  }

  /** Returns whether a node has the original tuple of a connection. */
  private boolean isOriginal(Connection connection, int node, Zone zone) {
    connection.key(Direction.ORIGINAL, own);
    return entries.live().isKey(node, own, zone);
  }

  private void countSearch() {
    work.add(ConntrackOperations.ENTRY_COMPARED, compared);
  }
}
