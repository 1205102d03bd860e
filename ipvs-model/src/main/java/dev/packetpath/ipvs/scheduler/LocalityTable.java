package dev.packetpath.ipvs.scheduler;

import dev.packetpath.core.VirtualClock;
import dev.packetpath.core.packet.Packet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What lblc and lblcr remember of destination addresses, with the collection of entries that are no
 * longer used: every minute if there are too many, else every half hour.
 *
 * <p>The collector runs late, when the table is next asked; what a caller sees is the same.
 *
 * <p>Source: net/netfilter/ipvs/ip_vs_lblc.c and ip_vs_lblcr.c, Linux 6.1.
 *
 * @param <T> what is remembered of an address
 */
final class LocalityTable<T> {
  private static final int TABLE_BITS = 10;
  private static final int BUCKETS = 1 << TABLE_BITS;
  private static final int MAX_ENTRIES = BUCKETS * 16;
  private static final int FULL_CHECK_ROUNDS = 30;
  private static final long ROUND_NS = 60 * VirtualClock.NS_PER_SECOND;
  private static final long IDLE_NS = 6 * 60 * VirtualClock.NS_PER_SECOND;

  private static final class Entry<T> {
    final long high;
    final long low;
    T value;
    long lastUseNs;

    Entry(long high, long low, T value) {
      this.high = high;
      this.low = low;
      this.value = value;
    }
  }

  private final SchedulerContext service;
  private final Consumer<T> forget;
  private final List<List<Entry<T>>> buckets = new ArrayList<>(BUCKETS);
  private int entries;
  private int rover;
  private int round = 1;
  private long nextRoundNs;

  LocalityTable(SchedulerContext service, Consumer<T> forget) {
    this.service = service;
    this.forget = forget;
    this.nextRoundNs = service.timerFiresAtNs(service.nowNs(), ROUND_NS);
    for (int i = 0; i < BUCKETS; i++) {
      buckets.add(new ArrayList<>(0));
    }
  }

  private List<Entry<T>> bucketOf(Packet packet) {
    return buckets.get(Folding.hash32(Folding.destination(packet), TABLE_BITS));
  }

  private @Nullable Entry<T> find(Packet packet) {
    List<Entry<T>> bucket = bucketOf(packet);
    // The newest is the first of the kernel's chain.
    for (int i = bucket.size() - 1; i >= 0; i--) {
      service.countSteps(1);
      Entry<T> entry = bucket.get(i);
      if (entry.low == packet.destinationLow() && entry.high == packet.destinationHigh()) {
        return entry;
      }
    }
    return null;
  }

  /** Returns what is remembered of the packet's destination, and takes note of its use. */
  @Nullable T use(Packet packet) {
    collect();
    Entry<T> entry = find(packet);
    if (entry == null) {
      return null;
    }
    entry.lastUseNs = service.nowNs();
    return entry.value;
  }

  /** Returns whether a new address may enter: there are not half as many again as there may be. */
  boolean hasRoom() {
    return entries < MAX_ENTRIES + MAX_ENTRIES / 2;
  }

  /** Remembers something else of the packet's destination; the old is forgotten. */
  void put(Packet packet, T value) {
    Entry<T> old = find(packet);
    List<Entry<T>> bucket = bucketOf(packet);
    if (old != null) {
      bucket.remove(old);
      forget.accept(old.value);
      entries--;
    }
    Entry<T> entry = new Entry<>(packet.destinationHigh(), packet.destinationLow(), value);
    entry.lastUseNs = service.nowNs();
    bucket.add(entry);
    entries++;
  }

  /** Forgets everything. */
  void clear() {
    for (List<Entry<T>> bucket : buckets) {
      bucket.forEach(entry -> forget.accept(entry.value));
      bucket.clear();
    }
    entries = 0;
  }

  private void collect() {
    while (nextRoundNs <= service.nowNs()) {
      runRound(nextRoundNs);
      nextRoundNs = service.timerFiresAtNs(nextRoundNs, ROUND_NS);
    }
  }

  private void runRound(long nowNs) {
    if (round % FULL_CHECK_ROUNDS == 0) {
      sweep(nowNs - service.localityExpirationNs(), Integer.MAX_VALUE);
      round = 1;
    } else if (entries <= MAX_ENTRIES) {
      round++;
    } else {
      sweep(nowNs - IDLE_NS, Math.min((entries - MAX_ENTRIES) * 4 / 3, MAX_ENTRIES / 2));
    }
  }

  /** Forgets entries unused since a time, bucket by bucket, until so many are gone. */
  private void sweep(long usedBeforeNs, int goal) {
    int left = goal;
    for (int i = 0; i < BUCKETS; i++) {
      rover = (rover + 1) & (BUCKETS - 1);
      Iterator<Entry<T>> bucket = buckets.get(rover).iterator();
      while (bucket.hasNext()) {
        Entry<T> entry = bucket.next();
        if (entry.lastUseNs <= usedBeforeNs) {
          bucket.remove();
          forget.accept(entry.value);
          entries--;
          left--;
        }
      }
      if (left <= 0) {
        break;
      }
    }
  }
}
