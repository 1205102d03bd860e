package dev.packetpath.conntrack;

import dev.packetpath.core.Work;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The hash table of confirmed connections: each is on the chains of two buckets, one for each
 * direction, newest first (net/netfilter/nf_conntrack_core.c, nf_conntrack_hash, Linux 6.1). The
 * hash is this model's own. The number of buckets never changes.
 *
 * <p>A node is one direction of an entry: its slot times two, plus the direction's ordinal.
 *
 * <p>Hot: {@link #find}, {@link #insert}, {@link #remove}. They do not allocate, but for the
 * segment that an insertion may add.
 */
final class ConntrackTable {
  /** The end of a chain, and the answer of a look-up that found nothing. */
  static final int NONE = -1;

  private final EntryStore store;
  private final Work work;
  private final int buckets;
  private final long seed;
  private final TupleKey key = new TupleKey();
  private int[] heads = {};
  private RecentFinds recent = RecentFinds.NONE;
  private int foundNode = NONE;
  private Connection foundConnection = Connection.NONE;
  private int size;
  private int compared;

  ConntrackTable(EntryStore store, int buckets, long seed, Work work) {
    this.store = store;
    this.buckets = buckets;
    this.seed = seed;
    this.work = work;
  }

  /** Returns the number of connections. */
  int size() {
    return size;
  }

  int buckets() {
    return buckets;
  }

  EntryStore store() {
    return store;
  }

  /** Returns the bucket of a tuple in a zone. */
  int bucketOf(TupleKey tuple, int zone) {
    return (int) (((tuple.hash(zone, seed) >>> 32) * buckets) >>> 32);
  }

  /** Returns the first node of a bucket. */
  int head(int bucket) {
    return heads.length == 0 ? NONE : heads[bucket];
  }

  /** Returns the node behind a node. */
  int next(int node) {
    return store.get(node >>> 1, EntryRow.NEXT + (node & 1));
  }

  /** Returns the connection of a node. */
  Connection connection(int node) {
    return node == foundNode ? foundConnection : store.connection(node >>> 1);
  }

  /** Returns the direction of a node. */
  static Direction direction(int node) {
    return Direction.of(node & 1);
  }

  /** Returns the node of a tuple for a packet of a zone, or {@link #NONE}. */
  int find(TupleKey tuple, Zone zone) {
    int original = zone.idIn(Direction.ORIGINAL);
    int bucket = bucketOf(tuple, original);
    int found =
        recent.exist() && zone.id() == 0
            ? findAgain(bucket, tuple, zone)
            : findInBucket(bucket, tuple, zone);
    int reply = zone.idIn(Direction.REPLY);
    return found != NONE || original == reply
        ? found
        : findInBucket(bucketOf(tuple, reply), tuple, zone);
  }

  /** Looks first at what was found the last time; in zone 0, where one node has a tuple at most. */
  private int findAgain(int bucket, TupleKey tuple, Zone zone) {
    int known = recent.node(bucket);
    if (known != NONE) {
      Connection connection = recent.connection(bucket);
      if (isKey(known, tuple, zone)) {
        compared = recent.compared(bucket);
        work.add(ConntrackOperations.ENTRY_COMPARED, compared);
        foundNode = known;
        foundConnection = connection;
        return known;
      }
    }
    int found = findInBucket(bucket, tuple, zone);
    if (found != NONE) {
      foundNode = found;
      foundConnection = store.connection(found >>> 1);
      recent.remember(bucket, found, foundConnection, compared);
    }
    return found;
  }

  /** Returns the node of a tuple among the nodes of one bucket, or {@link #NONE}. */
  int findInBucket(int bucket, TupleKey tuple, Zone zone) {
    int length = 0;
    int node = head(bucket);
    while (node != NONE) {
      length++;
      int[] words = store.words(node >>> 1);
      int base = EntryStore.base(node >>> 1);
      if (isKey(words, base, node, tuple, zone)) {
        break;
      }
      node = words[base + EntryRow.NEXT + (node & 1)];
    }
    work.add(ConntrackOperations.ENTRY_COMPARED, length);
    compared = length;
    return node;
  }

  /** Returns how many nodes {@link #findInBucket} compared the last time. */
  int compared() {
    return compared;
  }

  /** Returns whether a node has a tuple, in the zone that counts in the node's direction. */
  boolean isKey(int node, TupleKey tuple, Zone zone) {
    return isKey(store.words(node >>> 1), EntryStore.base(node >>> 1), node, tuple, zone);
  }

  private static boolean isKey(int[] words, int base, int node, TupleKey tuple, Zone zone) {
    Direction direction = direction(node);
    return tuple.family() == EntryStore.family(node >>> 1)
        && tuple.equalsRow(words, base, direction)
        && EntryKind.zoneIn(words[base + EntryRow.KIND], direction) == zone.idIn(direction);
  }

  /** Adds both directions of a connection. */
  void insert(Connection connection) {
    store.add(connection);
    link(connection, Direction.ORIGINAL);
    link(connection, Direction.REPLY);
    size++;
  }

  /** Adds the reply direction of a connection alone. */
  void insertReply(Connection connection) {
    store.add(connection);
    link(connection, Direction.REPLY);
    size++;
  }

  private void link(Connection connection, Direction direction) {
    if (heads.length == 0) {
      heads = new int[buckets];
      Arrays.fill(heads, NONE);
      recent = RecentFinds.of(buckets);
    }
    int slot = connection.slot();
    int bucket = bucketOf(slot, direction);
    changed(bucket);
    store.set(slot, EntryRow.NEXT + direction.ordinal(), heads[bucket]);
    heads[bucket] = slot << 1 | direction.ordinal();
  }

  private void changed(int bucket) {
    if (recent.exist()) {
      recent.forget(bucket);
      foundNode = NONE;
    }
  }

  private int bucketOf(int slot, Direction direction) {
    int[] words = store.words(slot);
    int base = EntryStore.base(slot);
    int zone = EntryKind.zoneIn(words[base + EntryRow.KIND], direction);
    return bucketOf(key.set(EntryStore.family(slot), words, base, direction), zone);
  }

  /** Takes an entry out. */
  void remove(int slot) {
    if ((store.get(slot, EntryRow.STATUS) & ConnectionStatus.NAT_CLASH) == 0) {
      unlink(slot, Direction.ORIGINAL);
    }
    unlink(slot, Direction.REPLY);
    store.remove(slot);
    size--;
  }

  private void unlink(int slot, Direction direction) {
    int wanted = slot << 1 | direction.ordinal();
    int bucket = bucketOf(slot, direction);
    changed(bucket);
    int after = next(wanted);
    if (heads[bucket] == wanted) {
      heads[bucket] = after;
      return;
    }
    int before = heads[bucket];
    int next = next(before);
    while (next != wanted) {
      before = next;
      next = next(before);
    }
    store.set(before >>> 1, EntryRow.NEXT + (before & 1), after);
  }

  /** Hands each connection that has its original direction in the table to a consumer, once. */
  void forEach(Consumer<Connection> consumer) {
    store.forEach(
        connection -> {
          if (!connection.hasAny(ConnectionStatus.NAT_CLASH)) {
            consumer.accept(connection);
          }
        });
  }
}
