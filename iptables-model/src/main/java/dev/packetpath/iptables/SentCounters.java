package dev.packetpath.iptables;

import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.util.Arrays;

/**
 * What rules matched whose packets the chains that they call sent to their endpoints, see {@link
 * ChoiceCode#areCounted}: packets and bytes of a rule in one word, which is half of what {@link
 * TableCounters} has for a rule, and counts for two of them. Belongs to one thread, also to read.
 */
final class SentCounters {
  private static final int PACKETS_SHIFT = 40;
  private static final long PACKET = 1L << PACKETS_SHIFT;
  private static final long BYTES = PACKET - 1;

  /** Set where a word has hardly room for more packets, or for more bytes. */
  private static final long NEARLY_FULL = Long.MIN_VALUE | PACKET >>> 1;

  private static final int MOST_WAITING = 64;

  private long[] words;

  /** What there was no more room for. */
  private final Int2ObjectOpenHashMap<Counters> more = new Int2ObjectOpenHashMap<>();

  /** As in {@link TableCounters}: the rule in the upper half, the bytes in the lower. */
  private final long[] waiting = new long[MOST_WAITING];

  private int waits;

  /** Creates counters of so many rules. */
  SentCounters(int rules) {
    this.words = new long[rules];
    more.defaultReturnValue(Counters.ZERO);
  }

  void grow(int rules) {
    words = Arrays.copyOf(words, rules);
  }

  void sent(int rule, int bytes) {
    if (waits == MOST_WAITING) {
      count();
    }
    waiting[waits++] = (long) rule << Integer.SIZE | bytes;
  }

  private void count() {
    long[] counted = words;
    for (int i = 0; i < waits; i++) {
      int rule = (int) (waiting[i] >>> Integer.SIZE);
      counted[rule] += PACKET + (int) waiting[i];
      if ((counted[rule] & NEARLY_FULL) != 0) {
        more.put(rule, of(counted[rule]).plus(more.get(rule)));
        counted[rule] = 0;
      }
    }
    waits = 0;
  }

  private static Counters of(long word) {
    return new Counters(word >>> PACKETS_SHIFT, word & BYTES);
  }

  /** Returns what a rule counted. */
  Counters of(int rule) {
    count();
    return of(words[rule]).plus(more.get(rule));
  }

  /** Returns what a rule counted, and lets it start at 0 again. */
  Counters take(int rule) {
    Counters counted = of(rule);
    words[rule] = 0;
    more.remove(rule);
    return counted;
  }

  /** Adds what others counted for the same rules. */
  void add(SentCounters others) {
    for (int rule = 0; rule < words.length; rule++) {
      Counters counted = others.of(rule);
      if (counted.packets() != 0) {
        more.put(rule, counted.plus(more.get(rule)));
      }
    }
  }
}
