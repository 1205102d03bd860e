package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The list that the {@code -m recent} rules of one name share. It holds at most 100 addresses; a
 * new one takes the place of that which was not stamped for longest.
 *
 * <p>IPv4 and IPv6 rules have lists of their own here; the kernel keeps both in one list of the
 * name, whose room they share.
 *
 * <p>Source: net/netfilter/xt_recent.c, Linux 6.1, with its default parameters.
 */
final class RecentList {
  private static final int MAX_ENTRIES = 100;
  private static final int DEFAULT_STAMPS = 32;

  private final IpFamily family;
  private final IpAddress mask;
  private final Map<IpAddress, RecentEntry> entries = new LinkedHashMap<>();
  private int stamps;

  RecentList(IpFamily family, IpAddress mask) {
    this.family = family;
    this.mask = mask;
  }

  /** Makes room for as many stamps as a rule asks for; empties the list if that grows. */
  void keepStamps(int hits) {
    int wanted = hits == 0 ? DEFAULT_STAMPS : Integer.highestOneBit((hits << 1) - 1);
    if (wanted > stamps) {
      entries.clear();
      stamps = wanted;
    }
  }

  private IpAddress masked(long high, long low) {
    return new IpAddress(family, high & mask.high(), low & mask.low());
  }

  /** Returns the entry of an address, or {@link RecentEntry#NONE}; a TTL of 0 fits any. */
  RecentEntry find(long high, long low, int ttl) {
    RecentEntry entry = entries.get(masked(high, low));
    return entry != null && entry.hasTtl(ttl) ? entry : RecentEntry.NONE;
  }

  void add(long high, long low, int ttl, long now) {
    if (entries.size() >= MAX_ENTRIES) {
      remove(oldest());
    }
    RecentEntry entry = new RecentEntry(masked(high, low), stamps);
    entry.stamp(ttl, now);
    entries.put(entry.address(), entry);
  }

  void stamp(RecentEntry entry, int ttl, long now) {
    entry.stamp(ttl, now);
    entries.remove(entry.address());
    entries.put(entry.address(), entry);
  }

  void remove(RecentEntry entry) {
    entries.remove(entry.address());
  }

  /** Removes the oldest entry if its last stamp is before a time, unless it is to be stamped. */
  void reap(long since, RecentEntry working, boolean update) {
    RecentEntry oldest = oldest();
    if (!(oldest == working && update) && oldest.lastStamp() < since) {
      remove(oldest);
    }
  }

  private RecentEntry oldest() {
    Iterator<RecentEntry> all = entries.values().iterator();
    return all.next();
  }
}
