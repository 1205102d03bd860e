package dev.packetpath.compare.traffic;

import java.util.Arrays;

/**
 * What is under way, a row each: requests that open a connection, and answers that their client
 * works on. With closed arrivals the row is the client's number. {@link #take} allocates only when
 * more is under way than ever before.
 */
final class Slots {
  static final int NONE = -1;

  /** When the request was due, nanoseconds. */
  long[] dueNs;

  /** What is left of the client's work, nanoseconds. */
  long[] workNs;

  /** SYNs sent again. */
  int[] retries;

  /** The next row of the list that this one is in. */
  int[] next;

  private int free = NONE;
  private int used;

  /** Makes rows of which the first ones are in use. */
  Slots(int inUse) {
    int size = Math.max(64, inUse);
    dueNs = new long[size];
    workNs = new long[size];
    retries = new int[size];
    next = new int[size];
    used = inUse;
  }

  /** Returns a row that is not in use, which it then is. */
  int take() {
    int slot = free;
    if (slot != NONE) {
      free = next[slot];
    } else {
      if (used == next.length) {
        grow();
      }
      slot = used++;
    }
    retries[slot] = 0;
    return slot;
  }

  /** Ends the use of a row. */
  void giveBack(int slot) {
    next[slot] = free;
    free = slot;
  }

  private void grow() {
    int size = 2 * next.length;
    dueNs = Arrays.copyOf(dueNs, size);
    workNs = Arrays.copyOf(workNs, size);
    retries = Arrays.copyOf(retries, size);
    next = Arrays.copyOf(next, size);
  }
}
