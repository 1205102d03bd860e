package dev.packetpath.iptables.syntax;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The chains of a table by name, found from the characters of a line without making a string of
 * them. Gives each chain its number.
 *
 * <p>Open addressing with linear probing, a hash and a number in each place, the names behind one
 * another: a look-up reads one line of memory of each. Written by hand, for each rule of a large
 * ruleset names a chain: reading 320,000 rules took 18 % of its time in a hash map of strings, as
 * much again in copying names, and 20 % where each place held the chain itself.
 *
 * <p>A name that finds no place near its own, as names made to have one hash do, goes to a map that
 * orders such names: a look-up then takes the logarithm of their number.
 */
final class ChainIndex {
  private static final int FIRST_PLACES = 64;

  /** As many places are tried. Three in a row are much at this load. */
  private static final int TRIED_PLACES = 64;

  private static final long EMPTY = 0;

  /** Odd, and its bits in no order: the golden ratio. */
  static final long FACTOR = 0x9e37_79b9_7f4a_7c15L;

  /** The hash above one more than the number of a chain, or {@link #EMPTY}. */
  private long[] places = new long[FIRST_PLACES];

  /** For each number the chain, null once it was removed. */
  private @Nullable ChainDraft[] chains = new @Nullable ChainDraft[FIRST_PLACES];

  private int[] hashes = new int[FIRST_PLACES];

  /** For each number where its name starts; it ends where the next one starts. */
  private int[] starts = new int[FIRST_PLACES + 1];

  private char[] names = new char[16 * FIRST_PLACES];
  private int numbers;
  private final Map<String, ChainDraft> crowded = new HashMap<>();

  /** Returns the chain whose name stands between two places, null if there is none. */
  @Nullable ChainDraft find(char[] chars, int from, int to) {
    long[] all = places;
    int mask = all.length - 1;
    int hash = hash(chars, from, to);
    int first = place(hash);
    for (int i = 0; i < TRIED_PLACES; i++) {
      long place = all[(first + i) & mask];
      if (place == EMPTY) {
        return null;
      }
      if ((int) (place >>> 32) == hash) {
        int number = (int) place - 1;
        ChainDraft chain = chains[number];
        if (chain != null && isNamed(number, chars, from, to)) {
          return chain;
        }
      }
    }
    return crowded.get(new String(chars, from, to - from));
  }

  /** Returns the chain of a name, null if there is none. */
  @Nullable ChainDraft find(String name) {
    return find(name.toCharArray(), 0, name.length());
  }

  /** Returns whether the name of a chain of this index stands between two places. */
  boolean isNamed(int number, char[] chars, int from, int to) {
    return Arrays.equals(names, starts[number], starts[number + 1], chars, from, to);
  }

  /** Four characters a step: one after the other takes three times as long. */
  static int hash(char[] chars, int from, int to) {
    long hash = (long) to - from;
    int at = from;
    for (; at + 4 <= to; at += 4) {
      long four =
          chars[at]
              | (long) chars[at + 1] << 16
              | (long) chars[at + 2] << 32
              | (long) chars[at + 3] << 48;
      hash = (Long.rotateLeft(hash, 23) ^ four) * FACTOR;
    }
    for (; at < to; at++) {
      hash = (Long.rotateLeft(hash, 23) ^ chars[at]) * FACTOR;
    }
    hash = (hash ^ (hash >>> 29)) * FACTOR;
    return (int) (hash >>> 32);
  }

  private int place(int hash) {
    return hash >>> Integer.numberOfLeadingZeros(places.length - 1);
  }

  /** Adds a chain whose name no other has, and gives it the next number. */
  void add(ChainDraft chain) {
    int number = numbers++;
    if (number == chains.length) {
      chains = Arrays.copyOf(chains, 2 * number);
      hashes = Arrays.copyOf(hashes, 2 * number);
      starts = Arrays.copyOf(starts, 2 * number + 1);
    }
    String name = chain.name();
    int start = starts[number];
    int end = start + name.length();
    if (end > names.length) {
      names = Arrays.copyOf(names, 2 * end);
    }
    name.getChars(0, name.length(), names, start);
    starts[number + 1] = end;
    chains[number] = chain;
    hashes[number] = hash(names, start, end);
    chain.number(number);
    if (2 * numbers > places.length) {
      grow();
    } else {
      put(number, chain);
    }
  }

  private void grow() {
    places = new long[2 * places.length];
    crowded.clear();
    for (int number = 0; number < numbers; number++) {
      ChainDraft chain = chains[number];
      if (chain != null) {
        put(number, chain);
      }
    }
  }

  private void put(int number, ChainDraft chain) {
    int mask = places.length - 1;
    int hash = hashes[number];
    int first = place(hash);
    for (int i = 0; i < TRIED_PLACES; i++) {
      int at = (first + i) & mask;
      if (places[at] == EMPTY) {
        places[at] = (long) hash << 32 | (number + 1);
        return;
      }
    }
    crowded.put(chain.name(), chain);
  }

  /** Removes a chain. Its number and its place stay taken. */
  void remove(ChainDraft chain) {
    chains[chain.number()] = null;
    crowded.remove(chain.name(), chain);
  }

  /** Returns a number above that of every chain. */
  int numbers() {
    return numbers;
  }
}
