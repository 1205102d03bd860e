package dev.packetpath.conntrack;

import dev.packetpath.core.Work;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import java.util.function.Consumer;

/**
 * The hash table of confirmed connections: each is in two buckets, one for each direction, newest
 * first (net/netfilter/nf_conntrack_core.c, nf_conntrack_hash, Linux 6.1). The hash is this model's
 * own: its upper half chooses the bucket, its lower half spares reading entries of other tuples.
 * The number of buckets never changes.
 *
 * <p>A node is one direction of an entry: its slot times two, plus the direction's ordinal.
 *
 * <p>Hot: all methods but {@link #forEach}. They do not allocate, except that an insertion may add
 * room.
 */
final class ConntrackTable {
  /** The answer of a look-up that found nothing. */
  static final int NONE = BucketCells.NONE;

  /** The answer to {@link #seekFree} where an entry has the tuple. */
  static final int TAKEN = -1;

  private static final int UNKNOWN = -1;

  private final EntryStore store;
  private final Work work;
  private final int buckets;
  private final long seed;
  private final BucketCells cells;
  private final RecentFinds recent;
  private final TupleKey key = new TupleKey();
  private int foundNode = NONE;
  private Connection foundConnection = Connection.NONE;
  private int size;
  private int compared;

  /** How often a bucket changed. */
  private long changes;

  // The connection of the packet under way: how many entries were compared with each of its tuples,
  // which none had, and when.
  private Connection free = Connection.NONE;
  private long freeAt;
  private int originalCompared = UNKNOWN;
  private int replyCompared = UNKNOWN;

  ConntrackTable(EntryStore store, int buckets, long seed, Work work) {
    this.store = store;
    this.buckets = buckets;
    this.seed = seed;
    this.work = work;
    this.cells = new BucketCells(buckets, BucketCells.FEW_GROUPS, new CellBlocks());
    this.recent = RecentFinds.of(buckets);
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

  /** Returns the hash of a tuple in a zone. */
  long hashOf(TupleKey tuple, int zone) {
    return tuple.hash(zone, seed);
  }

  /** Returns the hash of the tuple of a packet with ports in a zone. */
  long hashOf(Packet packet, int zone) {
    return TupleKey.hash(packet, zone, seed);
  }

  /** Returns the bucket of a tuple in a zone. */
  int bucketOf(TupleKey tuple, int zone) {
    return bucketOf(hashOf(tuple, zone));
  }

  private int bucketOf(long hash) {
    return (int) (((hash >>> 32) * buckets) >>> 32);
  }

  /** Begins a walk of a bucket and returns its first node, {@link #NONE} for none. */
  int firstIn(int bucket) {
    return cells.first(bucket);
  }

  /**
   * Begins a walk of the nodes that may have a tuple, by its hash, and returns the first of them,
   * {@link #NONE} for none.
   */
  int firstAlike(long hash) {
    return cells.first(bucketOf(hash), (int) hash);
  }

  /** Reads what {@link #look} will, and returns some of it. */
  int readAhead(long hash) {
    return cells.readAhead(bucketOf(hash));
  }

  /** Returns how often a bucket changed so far. */
  long changes() {
    return changes;
  }

  /** Returns the next node of the walk, {@link #NONE} for none. Insertion and removal end it. */
  int next() {
    return cells.next();
  }

  /** Returns how many nodes of the bucket the walk compared: all up to its node. */
  int walked() {
    return cells.passed();
  }

  /** Returns the first node that may have a tuple, as {@link FoundNode} has it. */
  long look(long hash) {
    return cells.look(bucketOf(hash), (int) hash);
  }

  /** Returns how many nodes of a bucket the last {@link #seek} or {@link #isFree} compared. */
  int compared() {
    return compared;
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
    return findEither(hashOf(tuple, zone.idIn(Direction.ORIGINAL)), tuple, zone);
  }

  /**
   * Returns the node of a tuple for a packet of a zone, or {@link #NONE}.
   *
   * @param hash the hash of the tuple in the zone that counts in the original direction
   */
  int findEither(long hash, TupleKey tuple, Zone zone) {
    int found =
        recent.exist() && zone.id() == 0 ? findAgain(hash, tuple, zone) : find(hash, tuple, zone);
    int reply = zone.idIn(Direction.REPLY);
    return found != NONE || zone.idIn(Direction.ORIGINAL) == reply
        ? found
        : find(hashOf(tuple, reply), tuple, zone);
  }

  /** Looks first at what was found the last time; in zone 0, where one node has a tuple at most. */
  private int findAgain(long hash, TupleKey tuple, Zone zone) {
    int bucket = bucketOf(hash);
    int known = recent.node(bucket);
    if (known != NONE) {
      Connection connection = recent.connection(bucket);
      if (isKey(known, tuple, zone)) {
        work.add(ConntrackOperations.ENTRY_COMPARED, recent.compared(bucket));
        foundNode = known;
        foundConnection = connection;
        return known;
      }
    }
    int found = find(hash, tuple, zone);
    if (found != NONE) {
      foundNode = found;
      foundConnection = store.connection(found >>> 1);
      recent.remember(bucket, found, foundConnection, compared());
    }
    return found;
  }

  /** Returns the node of a tuple among those in the bucket of a hash, or {@link #NONE}. */
  int find(long hash, TupleKey tuple, Zone zone) {
    int node = seek(hash, tuple, zone);
    work.add(ConntrackOperations.ENTRY_COMPARED, compared());
    return node;
  }

  /** Does what {@link #find} does, but counts no work. */
  int seek(long hash, TupleKey tuple, Zone zone) {
    long found = look(hash);
    int node = FoundNode.node(found);
    if (found != FoundNode.UNKNOWN && (node == NONE || isKey(node, tuple, zone))) {
      compared = FoundNode.compared(found);
      return node;
    }
    return walk(hash, tuple, zone);
  }

  /**
   * Returns whether no node has a tuple; counts no work. Mostly no hash is alike, which answers
   * already.
   */
  boolean isFree(long hash, TupleKey tuple, Zone zone) {
    long found = look(hash);
    if (!FoundNode.isNone(found)) {
      return walk(hash, tuple, zone) == NONE;
    }
    compared = FoundNode.compared(found);
    return true;
  }

  private int walk(long hash, TupleKey tuple, Zone zone) {
    int node = firstAlike(hash);
    while (node != NONE && !isKey(node, tuple, zone)) {
      node = next();
    }
    compared = walked();
    return node;
  }

  /**
   * Returns how many entries are compared until none is found that has the tuple of a direction of
   * a connection that is not in the table, {@link #TAKEN} if one has it; counts no work. The first
   * packet of a connection asks two and three times for its tuples, so what was found is known
   * until the table or the tuple changes: a new connection to the only Service takes 383 instead of
   * 396 ns.
   */
  int seekFree(Connection connection, Direction direction) {
    int known = freeCompared(direction);
    return known != UNKNOWN
            && connection == free
            && changes == freeAt
            && connection.hash(direction) != 0
        ? known
        : seekAnew(connection, direction);
  }

  private int seekAnew(Connection connection, Direction direction) {
    long hash = hashOf(connection, direction);
    if (connection != free || changes != freeAt) {
      foundFree(connection, UNKNOWN);
    }
    long found = look(hash);
    int entries = FoundNode.compared(found);
    if (!FoundNode.isNone(found)) { // else the zone is not asked for: 15 instructions less, mostly
      connection.key(direction, key);
      if (walk(hash, key, connection.zoneOfDirections()) != NONE) {
        return TAKEN;
      }
      entries = compared;
    }
    freeCompared(direction, entries);
    return entries;
  }

  /**
   * Returns whether {@link #seekFree} knows both of its answers for a connection: 31 instead of 150
   * instructions for who then asks for both.
   */
  boolean knowsFree(Connection connection) {
    return connection == free
        && changes == freeAt
        && (originalCompared | replyCompared) >= 0
        && connection.hash(Direction.REPLY) != 0; // NAT changes this tuple alone
  }

  /** Returns what {@link #seekFree} does if {@link #knowsFree}; else it says nothing. */
  int freeCompared(Direction direction) {
    return direction == Direction.ORIGINAL ? originalCompared : replyCompared;
  }

  private void freeCompared(Direction direction, int compared) {
    if (direction == Direction.ORIGINAL) {
      originalCompared = compared;
    } else {
      replyCompared = compared;
    }
  }

  /**
   * Takes note that no entry has the original tuple of a new connection, after so many were
   * compared.
   */
  void foundFree(Connection connection, int compared) {
    free = connection;
    freeAt = changes;
    originalCompared = compared;
    replyCompared = UNKNOWN;
  }

  /** Returns whether a node has a tuple, in the zone that counts in the node's direction. */
  boolean isKey(int node, TupleKey tuple, Zone zone) {
    int slot = node >>> 1;
    int[] words = store.words(slot);
    int base = EntryStore.base(slot);
    Direction direction = direction(node);
    return tuple.family() == EntryStore.family(slot)
        && tuple.equalsRow(words, base, node & 1)
        && EntryKind.zoneIn(words[base + EntryRow.KIND], direction) == zone.idIn(direction);
  }

  /**
   * Returns whether a node, whose row is given, has the tuple of a packet with ports; only a node
   * of an entry in the default zone.
   */
  static boolean isTuple(int[] words, int base, int node, Packet packet) {
    return packet.family() == EntryStore.family(node >>> 1)
        && EntryKind.isOfDefaultZone(words[base + EntryRow.KIND], packet.protocol())
        && TupleKey.equalsRow(packet, words, base, node & 1);
  }

  /** Adds both directions of a connection; returns its slot. */
  int insert(Connection connection) {
    int slot = store.add(connection);
    int[] row = connection.row();
    int base = connection.base();
    add(slot << 1, hashOf(connection, row, base, Direction.ORIGINAL));
    add(slot << 1 | 1, hashOf(connection, row, base, Direction.REPLY));
    size++;
    return slot;
  }

  /** Adds the reply direction of a connection alone; returns its slot. */
  int insertReply(Connection connection) {
    int slot = store.add(connection);
    add(slot << 1 | 1, hashOf(connection, Direction.REPLY));
    size++;
    return slot;
  }

  private void add(int node, long hash) {
    int bucket = bucketOf(hash);
    changed(bucket);
    cells.insert(bucket, (int) hash, node);
  }

  private void changed(int bucket) {
    changes++;
    if (recent.exist()) {
      recent.forget(bucket);
      foundNode = NONE;
    }
  }

  /** Returns the hash of the tuple of a direction of a connection that has no number yet. */
  long hashOf(Connection connection, Direction direction) {
    return hashOf(connection, connection.row(), connection.base(), direction);
  }

  private long hashOf(Connection connection, int[] row, int base, Direction direction) {
    int at = base + EntryRow.HASHES + 2 * direction.bit();
    long known = EntryRow.getLong(row, at);
    if (known != 0) {
      return known;
    }
    long hash = hashOf(connection.family(), row, base, direction);
    EntryRow.putLong(row, at, hash);
    if (connection == free) {
      freeCompared(direction, UNKNOWN); // it was another tuple's
    }
    return hash;
  }

  private long hashOf(IpFamily family, int[] row, int base, Direction direction) {
    int zone = EntryKind.zoneIn(row[base + EntryRow.KIND], direction);
    return TupleKey.hash(family, row, base, direction, zone, seed);
  }

  /** Takes an entry out. */
  void remove(int slot) {
    if ((store.get(slot, EntryRow.STATUS) & ConnectionStatus.NAT_CLASH) == 0) {
      remove(slot, Direction.ORIGINAL);
    }
    remove(slot, Direction.REPLY);
    store.remove(slot);
    size--;
  }

  private void remove(int slot, Direction direction) {
    int[] words = store.words(slot);
    int base = EntryStore.base(slot);
    int bucket = bucketOf(hashOf(EntryStore.family(slot), words, base, direction));
    changed(bucket);
    cells.remove(bucket, slot << 1 | direction.bit());
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
