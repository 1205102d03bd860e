package dev.packetpath.iptables.syntax;

import java.util.Arrays;

/**
 * Makes words of characters without copying those that were met before: nearly all short words of a
 * large ruleset are, and copies of them were half of the garbage of reading it.
 *
 * <p>A table with one place for each hash: a word takes the place of another. Time and space are
 * fixed.
 */
final class SharedWords {
  private static final int PLACES = 1 << 10;

  /** Longer words, mostly names and ranges, are seldom met again. */
  private static final int LONGEST = 16;

  /** As many of the last characters decide the place. */
  private static final int HASHED = 4;

  private final String[] words = new String[PLACES];

  SharedWords() {
    Arrays.fill(words, "");
  }

  /** Returns the characters between two places as a string. */
  String word(char[] chars, int from, int to) {
    if (to - from > LONGEST) {
      return new String(chars, from, to - from);
    }
    int hash = to - from;
    for (int i = Math.max(from, to - HASHED); i < to; i++) {
      hash = 31 * hash + chars[i];
    }
    int place = (hash * 0x9e37_79b9) >>> Integer.numberOfLeadingZeros(PLACES - 1);
    String known = words[place];
    if (isWord(known, chars, from, to)) {
      return known;
    }
    String word = new String(chars, from, to - from);
    words[place] = word;
    return word;
  }

  /** Returns whether a word has just the characters between two places. */
  static boolean isWord(String word, char[] chars, int from, int to) {
    int length = to - from;
    if (word.length() != length) {
      return false;
    }
    for (int i = length - 1; i >= 0; i--) {
      if (word.charAt(i) != chars[from + i]) {
        return false;
      }
    }
    return true;
  }
}
