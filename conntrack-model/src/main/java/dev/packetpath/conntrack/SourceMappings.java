package dev.packetpath.conntrack;

import dev.packetpath.core.Work;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * The connections of each source, newest first, so that one source keeps one translation
 * (nf_nat_bysource in net/netfilter/nf_nat_core.c, Linux 6.1): a hash table with as many buckets as
 * that of the tuples, at least 1024, whose chains run through the entries' rows. A connection is
 * listed once it is in the table.
 *
 * <p>Many hosts never ask, kube-proxy's among them: only a range does whose ports are not drawn at
 * random and which the source does not lie in. So the lists are made of the table's connections
 * when they are asked for first, and kept from then on.
 */
final class SourceMappings {
  private static final int MIN_BUCKETS = 1024;

  private final Conntrack conntrack;
  private final EntryStore store;
  private final int buckets;
  private final long seed;
  private final Work work;
  private final TupleKey key = new TupleKey();
  private int[] heads = {};

  SourceMappings(Conntrack conntrack) {
    this.conntrack = conntrack;
    this.store = conntrack.store();
    this.buckets = Math.max(conntrack.settings().buckets(), MIN_BUCKETS);
    this.seed = conntrack.settings().hashSeed();
    this.work = conntrack.host().work();
  }

  private void make() {
    heads = new int[buckets];
    Arrays.fill(heads, EntryStore.NONE);
    List<Connection> live = new ArrayList<>();
    store.forEach(live::add);
    live.sort(conntrack.byInsertion());
    live.forEach(this::add);
    conntrack.onInsert(this::add);
    conntrack.onRemove(this::remove);
  }

  private void add(Connection connection) {
    if (!connection.hasAny(ConnectionStatus.SRC_NAT_DONE)) {
      return;
    }
    int slot = connection.slot();
    int bucket = bucketOf(connection);
    int next = heads[bucket];
    store.set(slot, EntryRow.SOURCE_NEXT, next);
    store.set(slot, EntryRow.SOURCE_PREVIOUS, EntryStore.NONE);
    if (next != EntryStore.NONE) {
      store.set(next, EntryRow.SOURCE_PREVIOUS, slot);
    }
    heads[bucket] = slot;
  }

  private void remove(Connection connection) {
    if (!connection.hasAny(ConnectionStatus.SRC_NAT_DONE)) {
      return;
    }
    int next = connection.word(EntryRow.SOURCE_NEXT);
    int previous = connection.word(EntryRow.SOURCE_PREVIOUS);
    if (next != EntryStore.NONE) {
      store.set(next, EntryRow.SOURCE_PREVIOUS, previous);
    }
    if (previous != EntryStore.NONE) {
      store.set(previous, EntryRow.SOURCE_NEXT, next);
    } else {
      heads[bucketOf(connection)] = next;
    }
  }

  /**
   * Returns the tuple with the source that the newest fitting connection of the same source has
   * after translation, {@link Tuple#NONE} if none fits.
   */
  Tuple translated(Tuple tuple, int zone, Predicate<Tuple> fits) {
    work.add(ConntrackOperations.NAT_SOURCE_LOOKUP);
    if (heads.length == 0) {
      make();
    }
    key.set(tuple);
    int slot = heads[bucketOf(zone)];
    while (slot != EntryStore.NONE) {
      work.add(ConntrackOperations.ENTRY_COMPARED);
      if (isOfSource(slot, zone)) {
        Tuple outgoing = store.connection(slot).reply().inverse();
        Tuple candidate =
            tuple
                .withSource(outgoing.sourceHigh(), outgoing.sourceLow())
                .withPorts(outgoing.sourcePort(), tuple.destinationPort());
        if (fits.test(candidate)) {
          return candidate;
        }
      }
      slot = store.get(slot, EntryRow.SOURCE_NEXT);
    }
    return Tuple.NONE;
  }

  private boolean isOfSource(int slot, int zone) {
    int[] words = store.words(slot);
    int base = EntryStore.base(slot);
    return key.family() == EntryStore.family(slot)
        && key.sourceEqualsRow(words, base)
        && EntryKind.zoneIn(words[base + EntryRow.KIND], Direction.ORIGINAL) == zone;
  }

  private int bucketOf(Connection connection) {
    connection.key(Direction.ORIGINAL, key);
    return bucketOf(connection.zoneIn(Direction.ORIGINAL));
  }

  private int bucketOf(int zone) {
    return (int) (((key.hashOfSource(zone, seed) >>> 32) * buckets) >>> 32);
  }
}
