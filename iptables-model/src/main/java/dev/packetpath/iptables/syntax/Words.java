package dev.packetpath.iptables.syntax;

import java.util.Arrays;

/**
 * One line as words. Space and tab part them; double quotes keep them together, the closing one
 * ends the word, and inside quotes a backslash takes the next character as it is. A quote that is
 * not closed runs to the end of the line (iptables 1.8.9, xshared.c, add_param_to_argv).
 */
final class Words {
  /** As many words as a line of iptables-restore may have. */
  static final int MAX_WORDS = 251;

  private static final int MAX_WORD_BYTES = 1023;

  private final String[] words = new String[MAX_WORDS];
  private final int[] columns = new int[MAX_WORDS];
  private final SharedWords shared = new SharedWords();
  private int size;
  private boolean quoteOpen;

  Words() {
    Arrays.fill(words, "");
  }

  int size() {
    return size;
  }

  String word(int i) {
    return words[i];
  }

  /** Returns the column of a word's first character, from 1. */
  int column(int i) {
    return columns[i];
  }

  /** Returns whether the last word has an opening quote and no closing one. */
  boolean isQuoteOpen() {
    return quoteOpen;
  }

  /** Splits a line from a place on. */
  void split(RuleSource source, String line, int from) {
    size = 0;
    quoteOpen = false;
    int length = line.length();
    int quote = placeOf('"', line, from);
    int tab = placeOf('\t', line, from);
    int at = from;
    while (at < length) {
      char c = line.charAt(at);
      if (c == ' ' || c == '\t') {
        at++;
        continue;
      }
      int start = at;
      tab = tab < at ? placeOf('\t', line, at) : tab;
      quote = quote < at ? placeOf('"', line, at) : quote;
      at = Math.min(placeOf(' ', line, at), tab);
      if (quote < at) {
        at = addQuoted(source, line, start, quote);
      } else {
        add(source, shared.word(line, start, at), start);
      }
    }
  }

  /** Splits a line from a place on; quotes are characters as others. */
  void splitUnquoted(RuleSource source, String line, int from) {
    size = 0;
    quoteOpen = false;
    int tab = placeOf('\t', line, from);
    int at = from;
    while (at < line.length()) {
      int start = at;
      tab = tab < at ? placeOf('\t', line, at) : tab;
      at = Math.min(placeOf(' ', line, at), tab);
      if (at > start) {
        add(source, shared.word(line, start, at), start);
      }
      at++;
    }
  }

  /** Returns where a character stands from a place on, the line's length if it does not. */
  private static int placeOf(char c, String line, int from) {
    int place = line.indexOf(c, from);
    return place < 0 ? line.length() : place;
  }

  /** Adds a word with a quote in it; returns the place behind it. */
  private int addQuoted(RuleSource source, String line, int start, int quote) {
    int close = placeOf('"', line, quote + 1);
    if (start == quote && close < placeOf('\\', line, quote)) {
      add(source, shared.word(line, quote + 1, close), start);
      return close + 1;
    }
    StringBuilder word = new StringBuilder().append(line, start, quote);
    int end = readQuoted(line, quote + 1, word);
    add(source, word.toString(), start);
    return end;
  }

  /** Reads up to the closing quote, which ends the word; returns the place behind it. */
  private int readQuoted(String line, int from, StringBuilder word) {
    int at = from;
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == '"') {
        return at;
      }
      if (c != '\\') {
        word.append(c);
      } else if (at < line.length()) {
        word.append(line.charAt(at++));
      }
    }
    quoteOpen = true;
    return at;
  }

  private void add(RuleSource source, String word, int start) {
    if (size == MAX_WORDS) {
      throw source.error(
          start + 1, "more than " + MAX_WORDS + " words", "at most " + MAX_WORDS + " in a line");
    }
    if (word.length() > MAX_WORD_BYTES / 3 && Utf8Text.length(word) > MAX_WORD_BYTES) {
      throw source.error(
          start + 1, "a word of " + Utf8Text.length(word) + " bytes", "at most " + MAX_WORD_BYTES);
    }
    words[size] = word;
    columns[size++] = start + 1;
  }
}
