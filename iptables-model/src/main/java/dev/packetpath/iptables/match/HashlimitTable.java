package dev.packetpath.iptables.match;

import dev.packetpath.iptables.Jiffies;
import java.util.HashMap;
import java.util.Map;

/**
 * The table that the {@code -m hashlimit} rules of one name share. The rule loaded first sets its
 * rate, key and sizes.
 *
 * <p>Source: net/netfilter/xt_hashlimit.c, Linux 6.1.
 */
final class HashlimitTable {
  private static final int MOST_SIZE = 1 << 20;

  /** The buckets that the kernel makes on a machine with more than 1 GiB of memory. */
  private static final int DEFAULT_SIZE = 8192;

  private final HashlimitMatch first;
  private final Map<HashlimitKey, HashlimitEntry> entries = new HashMap<>();
  private final long madeAt;
  private final long expire;
  private final long collectEvery;
  private final long max;
  private long collectedAt;

  HashlimitTable(HashlimitMatch first, long now) {
    this.first = first;
    this.madeAt = now;
    this.collectedAt = now;
    HashlimitMatch.Sizes sizes = first.sizes();
    this.expire = Jiffies.ofMs(sizes.expireMs());
    this.collectEvery = Jiffies.ofMs(sizes.collectMs());
    long size = sizes.buckets() == 0 ? DEFAULT_SIZE : Math.min(sizes.buckets(), MOST_SIZE);
    long most = Math.min(sizes.max(), MOST_SIZE);
    this.max = most == 0 ? 8 * size : Math.max(most, size);
  }

  /** Returns the rule that made the table. */
  HashlimitMatch first() {
    return first;
  }

  /**
   * Returns the entry of a key, brought up to this moment; a new one is full. {@link
   * HashlimitEntry#NO_ROOM} if the table is full.
   */
  HashlimitEntry entry(HashlimitKey key, long now) {
    collect(now);
    HashlimitEntry entry = entries.get(key);
    if (entry == null) {
      if (entries.size() >= max) {
        return HashlimitEntry.NO_ROOM;
      }
      entry = new HashlimitEntry(first.rate(), now);
      entries.put(key, entry);
    } else {
      entry.refill(now);
    }
    entry.keepUntil(now + expire);
    return entry;
  }

  /** Removes what had expired when the collector last ran. */
  private void collect(long now) {
    long lastRun = now - (now - madeAt) % collectEvery;
    if (lastRun > collectedAt) {
      collectedAt = lastRun;
      entries.values().removeIf(entry -> entry.expiresAt() <= lastRun);
    }
  }
}
