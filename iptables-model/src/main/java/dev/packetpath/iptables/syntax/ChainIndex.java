package dev.packetpath.iptables.syntax;

import org.jspecify.annotations.Nullable;

/**
 * The chains of a table by name, found from the characters of a line without making a string of
 * them.
 *
 * <p>Open addressing with linear probing. Written by hand, for each rule of a large ruleset names a
 * chain: reading 320,000 rules took 18 % of its time in a hash map of strings, and as much again in
 * copying names.
 */
final class ChainIndex {
  private @Nullable ChainDraft[] places = new @Nullable ChainDraft[64];
  private int size;

  /** Returns the chain whose name stands between two places, null if there is none. */
  @Nullable ChainDraft find(char[] chars, int from, int to) {
    int mask = places.length - 1;
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + chars[i];
    }
    for (int i = place(hash); ; i = (i + 1) & mask) {
      ChainDraft chain = places[i];
      if (chain == null
          || (chain.nameHash() == hash && SharedWords.isWord(chain.name(), chars, from, to))) {
        return chain;
      }
    }
  }

  /** Returns the chain of a name, null if there is none. */
  @Nullable ChainDraft find(String name) {
    return places[placeOf(name)];
  }

  /** Returns the place of a name, or the empty one where it belongs. */
  private int placeOf(String name) {
    int mask = places.length - 1;
    int hash = name.hashCode();
    int i = place(hash);
    for (ChainDraft chain = places[i]; chain != null; chain = places[i]) {
      if (chain.nameHash() == hash && chain.name().equals(name)) {
        break;
      }
      i = (i + 1) & mask;
    }
    return i;
  }

  /** Spreads the hash of a string, whose upper bits differ too little. */
  private int place(int hash) {
    return (hash * 0x9e37_79b9) >>> Integer.numberOfLeadingZeros(places.length - 1);
  }

  /** Adds a chain whose name no other has. */
  void add(ChainDraft chain) {
    if (2 * ++size > places.length) {
      @Nullable ChainDraft[] before = places;
      places = new @Nullable ChainDraft[2 * before.length];
      for (ChainDraft each : before) {
        if (each != null) {
          places[placeOf(each.name())] = each;
        }
      }
    }
    places[placeOf(chain.name())] = chain;
  }

  /** Removes a chain; those behind it that it kept from their places are put there. */
  void remove(ChainDraft chain) {
    int mask = places.length - 1;
    int at = placeOf(chain.name());
    places[at] = null;
    size--;
    for (int i = (at + 1) & mask; places[i] != null; i = (i + 1) & mask) {
      ChainDraft moved = places[i];
      places[i] = null;
      places[placeOf(moved.name())] = moved;
    }
  }
}
