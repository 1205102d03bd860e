package dev.packetpath.conntrack;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Tells which connections are over: a hierarchical timing wheel (Varghese and Lauck: Hashed and
 * Hierarchical Timing Wheels, 1987) whose lists run through the entries' rows.
 *
 * <p>A connection whose time is put off stays where it is and is filed anew when that place comes
 * up, so that a packet of a live flow costs nothing here. Each entry is filed at most once for each
 * level that its time is away and for each time that it was put off: O(1) amortised.
 */
final class TimerWheel {
  private static final int TICK_BITS = 17; // 131 microseconds
  private static final int LEVEL_BITS = 10;
  private static final int LISTS = 1 << LEVEL_BITS;
  private static final int LEVELS = 5; // to 2^63 ns
  private static final int NO_PLACE = -1;
  private static final int PLACE_SHIFT = 16; // above the status bits

  private final EntryStore store;

  /** The first slot of each list, the lists of the lowest level first. */
  private final int[] firsts = new int[LEVELS * LISTS];

  /** One bit for each list that holds something. */
  private final long[] occupied = new long[LEVELS * LISTS / Long.SIZE];

  private final IntArrayList due = new IntArrayList();

  /** All lists that stand for earlier ticks are empty. */
  private long tick;

  /** Nothing is over before this time. */
  private long quietUntilNs = Long.MAX_VALUE;

  // The list that was asked for last, when, and for which times. New connections mostly ask for it
  // again: then one is filed by 95 instead of 119 instructions.
  private int lastPlace = NO_PLACE;
  private long lastTick = -1;
  private int lastShift;
  private long lastTicks;

  TimerWheel(EntryStore store) {
    this.store = store;
    Arrays.fill(firsts, EntryStore.NONE);
  }

  /** Files an entry that came into the table, given its row. */
  void add(int slot, int[] row, int base) {
    long timeoutNs = EntryRow.getLong(row, base + EntryRow.TIMEOUT);
    link(slot, row, base, placeFor(timeoutNs));
    quietUntilNs = Math.min(quietUntilNs, timeoutNs);
  }

  /** Files an entry anew if it ends earlier than it was filed for. */
  void changed(int slot) {
    long timeoutNs = store.getLong(slot, EntryRow.TIMEOUT);
    if (timeoutNs >>> TICK_BITS < firstTick(place(slot))) {
      remove(slot);
      add(slot, store.words(slot), EntryStore.base(slot));
    } else {
      quietUntilNs = Math.min(quietUntilNs, timeoutNs);
    }
  }

  /** Takes an entry out; does nothing if it is not in. */
  void remove(int slot) {
    int place = place(slot);
    if (place == NO_PLACE) {
      return;
    }
    int next = store.get(slot, EntryRow.TIMER_NEXT);
    int previous = store.get(slot, EntryRow.TIMER_PREVIOUS);
    if (next != EntryStore.NONE) {
      store.set(next, EntryRow.TIMER_PREVIOUS, previous);
    }
    if (previous != EntryStore.NONE) {
      store.set(previous, EntryRow.TIMER_NEXT, next);
    } else {
      firsts[place] = next;
      if (next == EntryStore.NONE) {
        occupied[place >>> 6] &= ~(1L << place);
      }
    }
    place(slot, NO_PLACE);
  }

  /** Returns whether {@link #expire} may find anything: a test that costs next to nothing. */
  boolean mayExpire(long nowNs) {
    return nowNs >= quietUntilNs || !due.isEmpty();
  }

  /** Hands each entry that is over at a time to a consumer, the first to end first. */
  void expire(long nowNs, IntConsumer over) {
    handOver(over); // what a consumer left that looks at the table itself
    while (nowNs >= quietUntilNs) {
      int place = firstOccupied();
      long first = place == NO_PLACE ? Long.MAX_VALUE : firstTick(place);
      long now = nowNs >>> TICK_BITS;
      if (first > now) {
        tick = now;
        quietUntilNs = place == NO_PLACE ? Long.MAX_VALUE : first << TICK_BITS;
        return;
      }
      tick = Math.max(tick, first);
      quietUntilNs = tick << TICK_BITS;
      empty(place, nowNs);
      if (tick == now && place < LISTS) {
        quietUntilNs = earliestOf(place, nowNs);
      }
      handOver(over);
    }
  }

  /** Files all entries of a list anew, or notes that they are due. */
  private void empty(int place, long nowNs) {
    int slot = firsts[place];
    firsts[place] = EntryStore.NONE;
    occupied[place >>> 6] &= ~(1L << place);
    while (slot != EntryStore.NONE) {
      int next = store.get(slot, EntryRow.TIMER_NEXT);
      long timeoutNs = store.getLong(slot, EntryRow.TIMEOUT);
      boolean ofThisTick = place < LISTS && timeoutNs >>> TICK_BITS <= tick;
      if (ofThisTick && timeoutNs <= nowNs) {
        place(slot, NO_PLACE);
        due.add(slot);
      } else {
        link(slot, store.words(slot), EntryStore.base(slot), placeFor(timeoutNs));
      }
      slot = next;
    }
  }

  /** Returns when the first of the entries ends that are left in the list of this tick. */
  private long earliestOf(int place, long nowNs) {
    long earliest = ((nowNs >>> TICK_BITS) + 1) << TICK_BITS;
    for (int slot = firsts[place];
        slot != EntryStore.NONE;
        slot = store.get(slot, EntryRow.TIMER_NEXT)) {
      earliest = Math.min(earliest, store.getLong(slot, EntryRow.TIMEOUT));
    }
    return earliest;
  }

  private void handOver(IntConsumer over) {
    if (due.size() > 1) {
      due.sort((a, b) -> compare(b, a));
    }
    while (!due.isEmpty()) {
      over.accept(due.popInt());
    }
  }

  /** Orders entries by when they end, and, within 2^31 insertions, by their insertion. */
  private int compare(int a, int b) {
    int byTime =
        Long.compare(store.getLong(a, EntryRow.TIMEOUT), store.getLong(b, EntryRow.TIMEOUT));
    return byTime != 0 ? byTime : store.get(a, EntryRow.NUMBER) - store.get(b, EntryRow.NUMBER);
  }

  private void link(int slot, int[] row, int base, int place) {
    int next = firsts[place];
    row[base + EntryRow.TIMER_NEXT] = next;
    row[base + EntryRow.TIMER_PREVIOUS] = EntryStore.NONE;
    if (next != EntryStore.NONE) {
      store.set(next, EntryRow.TIMER_PREVIOUS, slot);
    } else {
      occupied[place >>> 6] |= 1L << place;
    }
    firsts[place] = slot;
    place(row, base, place);
  }

  /** Returns the list for a time: on the lowest level where it is not yet the current one's. */
  private int placeFor(long timeoutNs) {
    long ofTime = Math.max(timeoutNs >>> TICK_BITS, tick);
    if (tick != lastTick || ofTime >>> lastShift != lastTicks) {
      int differing = Long.SIZE - 1 - Long.numberOfLeadingZeros((ofTime ^ tick) | 1);
      int level = differing / LEVEL_BITS;
      lastTick = tick;
      lastShift = level * LEVEL_BITS;
      lastTicks = ofTime >>> lastShift;
      lastPlace = level << LEVEL_BITS | ((int) lastTicks & (LISTS - 1));
    }
    return lastPlace;
  }

  /** Returns the first tick that a list stands for. */
  private long firstTick(int place) {
    int shift = (place >>> LEVEL_BITS) * LEVEL_BITS;
    long above = (tick >>> shift >>> LEVEL_BITS) << LEVEL_BITS << shift;
    return above | (long) (place & (LISTS - 1)) << shift;
  }

  /** Returns the list of the earliest ticks that holds something, NO_PLACE for none. */
  private int firstOccupied() {
    for (int i = 0; i < occupied.length; i++) {
      if (occupied[i] != 0) {
        return i << 6 | Long.numberOfTrailingZeros(occupied[i]);
      }
    }
    return NO_PLACE;
  }

  private int place(int slot) {
    return (store.get(slot, EntryRow.STATUS) >>> PLACE_SHIFT) - 1;
  }

  private void place(int slot, int place) {
    place(store.words(slot), EntryStore.base(slot), place);
  }

  private static void place(int[] row, int base, int place) {
    int at = base + EntryRow.STATUS;
    row[at] = (place + 1) << PLACE_SHIFT | (row[at] & Connection.STATUS_BITS);
  }
}
