package dev.packetpath.iptables.match;

import dev.packetpath.iptables.Jiffies;

/**
 * What one key of a {@link HashlimitTable} has used up.
 *
 * <p>Source: net/netfilter/xt_hashlimit.c, revision 3, Linux 6.1, with its 64-bit arithmetic.
 */
final class HashlimitEntry {
  /** The largest power of two with which a day still fits 64 bits. */
  private static final long CREDITS_PER_JIFFY = 1L << 39;

  private static final long CREDITS_PER_MICROSECOND = Jiffies.HZ * CREDITS_PER_JIFFY / 1_000_000;

  /** The largest power of two with which a second still fits 32 bits. */
  private static final long BYTE_CREDITS_PER_JIFFY = 1L << 24;

  private static final long BYTE_CREDITS = Jiffies.HZ * BYTE_CREDITS_PER_JIFFY;

  /** There is no room for another key. */
  static final HashlimitEntry NO_ROOM =
      new HashlimitEntry(new HashlimitRate(false, false, 1, 1, 0), 0);

  private final HashlimitRate rate;
  private long expiresAt;
  private long filledAt;
  private long credit;
  private long creditCap;
  private final long cost;
  private long counted;
  private boolean exceeded;
  private final long perInterval;
  private final long mostAtOnce;

  HashlimitEntry(HashlimitRate rate, long now) {
    this.rate = rate;
    this.filledAt = now;
    boolean byInterval = rate.interval() != 0;
    if (byInterval) {
      perInterval = rate.bytes() ? bytesPerInterval(rate.period()) : 1_000_000 / rate.period();
      if (rate.bytes()) {
        mostAtOnce = rate.burst() != 0 ? rate.burst() * perInterval : perInterval;
      } else {
        mostAtOnce = rate.burst() + perInterval;
      }
      cost = 0;
    } else {
      perInterval = 0;
      mostAtOnce = 0;
      cost = rate.bytes() ? byteCost(rate.period()) : packetCredits(rate.period());
      credit = rate.bytes() ? BYTE_CREDITS : packetCredits(rate.period() * rate.burst());
      creditCap = rate.bytes() ? rate.burst() : credit;
    }
  }

  static long packetCredits(long microseconds) {
    return microseconds * CREDITS_PER_MICROSECOND;
  }

  static long byteCost(long period) {
    return (period * BYTE_CREDITS) >>> 32;
  }

  private static long bytesPerInterval(long period) {
    return (0xffff_ffffL / period - 1) << 4;
  }

  long expiresAt() {
    return expiresAt;
  }

  void keepUntil(long jiffies) {
    expiresAt = jiffies;
  }

  /** Adds what time has brought since the last packet. */
  void refill(long now) {
    long passed = now - filledAt;
    if (passed == 0) {
      return;
    }
    if (rate.interval() != 0) {
      closeInterval(now, passed);
      return;
    }
    filledAt = now;
    long before = credit;
    long cap = creditCap;
    if (rate.bytes()) {
      credit += BYTE_CREDITS_PER_JIFFY * passed;
      cap = BYTE_CREDITS;
      if (Long.compareUnsigned(before, credit) >= 0) {
        credit = cap;
        return;
      }
    } else {
      credit += CREDITS_PER_JIFFY * passed;
    }
    if (Long.compareUnsigned(credit, cap) > 0) {
      credit = cap;
    }
  }

  private void closeInterval(long now, long passed) {
    long interval = Integer.toUnsignedLong(rate.interval() * Jiffies.HZ);
    if (Long.compareUnsigned(passed, interval) < 0) {
      return;
    }
    filledAt = now;
    exceeded = Long.compareUnsigned(counted * interval, passed * perInterval) > 0;
    counted = 0;
  }

  /**
   * Counts a packet and returns whether it is under the rate, as a rule asks that uses the table.
   */
  boolean isUnder(HashlimitRate asked, int length) {
    if (asked.interval() != 0) {
      counted += asked.bytes() ? length : 1;
      return !exceeded && Long.compareUnsigned(counted, mostAtOnce) <= 0;
    }
    long price = asked.bytes() ? byteCostOf(length) : cost;
    if (Long.compareUnsigned(credit, price) < 0) {
      return false;
    }
    credit -= price;
    return true;
  }

  private long byteCostOf(int length) {
    long price = ((length >> 4) + 1) * cost;
    if (Long.compareUnsigned(price, BYTE_CREDITS) > 0) {
      price = BYTE_CREDITS;
    }
    if (Long.compareUnsigned(credit, price) < 0 && creditCap != 0) {
      creditCap--;
      credit = BYTE_CREDITS;
    }
    return price;
  }
}
