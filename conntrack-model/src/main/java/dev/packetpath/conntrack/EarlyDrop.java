package dev.packetpath.conntrack;

import dev.packetpath.core.Work;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes room in a full table: of eight buckets from that of the new tuple on, the first that holds
 * entries which are not assured loses all of those (early_drop in
 * net/netfilter/nf_conntrack_core.c, Linux 6.1).
 */
final class EarlyDrop {
  private static final int BUCKETS = 8;

  private final Entries entries;
  private final ConntrackCounters counters;
  private final Work work;

  EarlyDrop(Entries entries, ConntrackCounters counters, Work work) {
    this.entries = entries;
    this.counters = counters;
    this.work = work;
  }

  /** Returns whether an entry was dropped. */
  boolean makeRoom(TupleKey tuple, Zone zone) {
    ConntrackTable table = entries.live();
    int bucket = table.bucketOf(tuple, zone.idIn(Direction.ORIGINAL));
    for (int i = 0; i < BUCKETS; i++) {
      work.add(ConntrackOperations.EARLY_DROP_BUCKET);
      int dropped = dropFrom(table, bucket);
      if (dropped > 0) {
        counters.earlyDrop += dropped;
        return true;
      }
      bucket = (bucket + 1) % table.buckets();
    }
    return false;
  }

  private int dropFrom(ConntrackTable table, int bucket) {
    List<Connection> victims = new ArrayList<>();
    for (int node = table.firstIn(bucket); node != ConntrackTable.NONE; node = table.next()) {
      Connection connection = table.connection(node);
      if (!connection.hasAny(ConnectionStatus.ASSURED | ConnectionStatus.OFFLOAD)
          && !victims.contains(connection)) {
        victims.add(connection);
      }
    }
    victims.forEach(entries::remove);
    return victims.size();
  }
}
