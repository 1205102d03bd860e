package dev.packetpath.compare.traffic;

import java.util.Arrays;

/**
 * Events by time: a heap in two columns. Events of one time come out in an order that depends on
 * nothing but what was put in before. {@link #add} and {@link #removeFirst} take logarithmic time
 * and allocate nothing unless more events wait than ever before.
 */
final class EventQueue {
  private long[] times = new long[64];
  private int[] codes = new int[64];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  /** Returns when the first event is, nanoseconds. */
  long firstNs() {
    return times[0];
  }

  void add(long ns, int code) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      codes = Arrays.copyOf(codes, 2 * size);
    }
    long[] times = this.times;
    int[] codes = this.codes;
    int at = size++;
    while (at > 0) {
      int above = (at - 1) >> 1;
      if (times[above] <= ns) {
        break;
      }
      times[at] = times[above];
      codes[at] = codes[above];
      at = above;
    }
    times[at] = ns;
    codes[at] = code;
  }

  /** Takes the first event out and returns its code. */
  int removeFirst() {
    long[] times = this.times;
    int[] codes = this.codes;
    final int first = codes[0];
    int last = --size;
    long ns = times[last];
    int code = codes[last];
    int at = 0;
    for (int below = 1; below < last; below = 2 * at + 1) {
      if (below + 1 < last && times[below + 1] < times[below]) {
        below++;
      }
      if (ns <= times[below]) {
        break;
      }
      times[at] = times[below];
      codes[at] = codes[below];
      at = below;
    }
    times[at] = ns;
    codes[at] = code;
    return first;
  }
}
