package dev.packetpath.iptables.syntax;

import java.util.Arrays;

/**
 * Cuts words out of lines without copying those that were met before: nearly all words of a large
 * ruleset are, and copies of them were half of the garbage of reading it.
 *
 * <p>A table with one place for each hash: a word takes the place of another. Time and space are
 * fixed.
 */
final class SharedWords {
  private static final int PLACES = 1 << 10;

  /** Longer words, mostly names of chains, cost more to find than to copy. */
  private static final int LONGEST = 12;

  /** As many of the last characters decide the place. */
  private static final int HASHED = 4;

  private final String[] words = new String[PLACES];

  SharedWords() {
    Arrays.fill(words, "");
  }

  /** Returns the characters of a line between two places as a string. */
  String word(String line, int from, int to) {
    if (to - from > LONGEST) {
      return line.substring(from, to);
    }
    int hash = to - from;
    for (int i = Math.max(from, to - HASHED); i < to; i++) {
      hash = 31 * hash + line.charAt(i);
    }
    int place = (hash * 0x9e37_79b9) >>> Integer.numberOfLeadingZeros(PLACES - 1);
    String known = words[place];
    if (known.length() == to - from && line.startsWith(known, from)) {
      return known;
    }
    String word = line.substring(from, to);
    words[place] = word;
    return word;
  }
}
