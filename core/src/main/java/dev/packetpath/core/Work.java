package dev.packetpath.core;

import com.google.common.collect.ImmutableSortedMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How often each primitive operation ran. Exact counts, no time in them. Belongs to one thread;
 * {@link #add(Operation)} does not allocate once the operation was seen.
 */
public final class Work {
  private final List<Runnable> tellers = new ArrayList<>();
  private long[] counts = new long[32];

  /** Creates a tally of nothing. */
  public Work() {}

  /** Counts one run of an operation. */
  public void add(Operation operation) {
    add(operation, 1);
  }

  /** Counts {@code times} runs of an operation. */
  public void add(Operation operation, long times) {
    if (times == 0) { // as new connections mostly compare no entries: 7 instructions less
      return;
    }
    int index = operation.index();
    if (index >= counts.length) {
      counts = Arrays.copyOf(counts, index + 32);
    }
    counts[index] += times;
  }

  /**
   * Asks somebody who counts on his own to add here what he counted since he was asked last: from
   * now on, whenever this tally is read.
   */
  public void askBeforeReading(Runnable teller) {
    tellers.add(teller);
  }

  private void ask() {
    for (Runnable teller : tellers) {
      teller.run();
    }
  }

  /** Adds all that another tally counted. */
  public void add(Work other) {
    other.ask();
    if (counts.length < other.counts.length) {
      counts = Arrays.copyOf(counts, other.counts.length);
    }
    for (int i = 0; i < other.counts.length; i++) {
      counts[i] += other.counts[i];
    }
  }

  /** Returns how often an operation ran. */
  public long count(Operation operation) {
    ask();
    return counted(operation);
  }

  private long counted(Operation operation) {
    int index = operation.index();
    return index < counts.length ? counts[index] : 0;
  }

  /** Forgets all counts. */
  public void clear() {
    ask();
    Arrays.fill(counts, 0);
  }

  /** Returns the operations that ran, by name, with their counts. */
  public ImmutableSortedMap<String, Long> toMap() {
    ask();
    ImmutableSortedMap.Builder<String, Long> map = ImmutableSortedMap.naturalOrder();
    for (Operation operation : Operation.all()) {
      if (counted(operation) != 0) {
        map.put(operation.name(), counted(operation));
      }
    }
    return map.build();
  }

  @Override
  public String toString() {
    return toMap().toString();
  }
}
