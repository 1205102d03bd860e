package dev.packetpath.iptables.match;

import dev.packetpath.core.net.IpAddress;

/** An address of a {@link RecentList} with the times of its last hits, in a ring. */
final class RecentEntry {
  /** No entry. */
  static final RecentEntry NONE = new RecentEntry(IpAddress.ANY_V4, 0);

  private final IpAddress address;
  private final long[] stamps;
  private int used;
  private int next;
  private int ttl;

  RecentEntry(IpAddress address, int stamps) {
    this.address = address;
    this.stamps = new long[stamps];
  }

  boolean exists() {
    return this != NONE;
  }

  IpAddress address() {
    return address;
  }

  /** Returns whether a TTL is that of the last stamp; 0 on either side fits any. */
  boolean hasTtl(int asked) {
    return asked == ttl || asked == 0 || ttl == 0;
  }

  void stamp(int newTtl, long now) {
    int at = next & (stamps.length - 1);
    stamps[at] = now;
    next = at + 1;
    used = Math.max(used, next);
    ttl = newTtl;
  }

  long lastStamp() {
    return stamps[next - 1];
  }

  /**
   * Returns whether there are {@code hits} stamps, or one if that is 0, not before {@code since}.
   */
  boolean hasHits(boolean aged, long since, int hits) {
    int found = 0;
    for (int i = 0; i < used; i++) {
      if (!aged || stamps[i] >= since) {
        found++;
        if (found >= hits) {
          return true;
        }
      }
    }
    return false;
  }
}
