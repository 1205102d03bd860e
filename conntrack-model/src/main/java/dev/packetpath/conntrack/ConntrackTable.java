package dev.packetpath.conntrack;

import dev.packetpath.core.Work;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The hash table of confirmed connections: each is on the chains of two buckets, one for each
 * direction, newest first (net/netfilter/nf_conntrack_core.c, nf_conntrack_hash, Linux 6.1). The
 * hash is this model's own and needs no secret.
 */
final class ConntrackTable {
  private final Work work;
  private final int buckets;
  private TableNode[] heads = {};
  private int size;

  ConntrackTable(int buckets, Work work) {
    this.buckets = buckets;
    this.work = work;
  }

  /** Returns the number of connections. */
  int size() {
    return size;
  }

  int buckets() {
    return buckets;
  }

  /** Returns the bucket of a tuple in a zone. */
  int bucketOf(Tuple tuple, int zone) {
    return (int) (((tuple.hash(zone) >>> 32) * buckets) >>> 32);
  }

  /** Returns the first node of a bucket. */
  TableNode head(int bucket) {
    return heads.length == 0 ? TableNode.NONE : heads[bucket];
  }

  /** Returns the node of a tuple for a packet of a zone, or {@link TableNode#NONE}. */
  TableNode find(Tuple tuple, Zone zone) {
    int original = zone.idIn(Direction.ORIGINAL);
    TableNode found = findInBucket(bucketOf(tuple, original), tuple, zone);
    int reply = zone.idIn(Direction.REPLY);
    return found.exists() || original == reply
        ? found
        : findInBucket(bucketOf(tuple, reply), tuple, zone);
  }

  /** Returns the node of a tuple among the nodes of one bucket, or {@link TableNode#NONE}. */
  TableNode findInBucket(int bucket, Tuple tuple, Zone zone) {
    TableNode node = head(bucket);
    while (node.exists()) {
      work.add(ConntrackOperations.ENTRY_COMPARED);
      if (isKey(node, tuple, zone)) {
        return node;
      }
      node = node.next();
    }
    return TableNode.NONE;
  }

  static boolean isKey(TableNode node, Tuple tuple, Zone zone) {
    return node.zone() == zone.idIn(node.direction()) && node.tuple().equals(tuple);
  }

  /** Adds both directions of a connection. */
  void insert(Connection connection) {
    link(connection.originalNode());
    link(connection.replyNode());
    size++;
  }

  /** Adds the reply direction of a connection alone. */
  void insertReply(Connection connection) {
    link(connection.replyNode());
    size++;
  }

  private void link(TableNode node) {
    if (heads.length == 0) {
      heads = new TableNode[buckets];
      Arrays.fill(heads, TableNode.NONE);
    }
    int bucket = bucketOf(node.tuple(), node.zone());
    node.next(heads[bucket]);
    heads[bucket] = node;
  }

  /** Takes a connection out. */
  void remove(Connection connection) {
    if (!connection.hasAny(ConnectionStatus.NAT_CLASH)) {
      unlink(connection.originalNode());
    }
    unlink(connection.replyNode());
    size--;
  }

  private void unlink(TableNode node) {
    int bucket = bucketOf(node.tuple(), node.zone());
    if (heads[bucket] == node) {
      heads[bucket] = node.next();
      return;
    }
    TableNode before = heads[bucket];
    while (before.next() != node) {
      before = before.next();
    }
    before.next(node.next());
  }

  /** Hands each connection that has its original direction in the table to a consumer, once. */
  void forEach(Consumer<Connection> consumer) {
    for (TableNode head : heads) {
      TableNode node = head;
      while (node.exists()) {
        TableNode next = node.next();
        if (node.direction() == Direction.ORIGINAL) {
          consumer.accept(node.connection());
        }
        node = next;
      }
    }
  }
}
