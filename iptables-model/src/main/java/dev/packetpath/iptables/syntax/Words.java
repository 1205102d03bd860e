package dev.packetpath.iptables.syntax;

import java.util.Arrays;

/**
 * One line as words. Space and tab part them; double quotes keep them together, and inside quotes a
 * backslash takes the next character as it is (iptables 1.8.9, xshared.c, add_param_to_argv).
 */
final class Words {
  /** As many words as a line of iptables-restore may have. */
  static final int MAX_WORDS = 255;

  private static final int MAX_WORD_CHARS = 1024;

  private final String[] words = new String[MAX_WORDS];
  private final int[] columns = new int[MAX_WORDS];
  private int size;

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

  void split(RuleSource source, String line) {
    size = 0;
    int length = line.length();
    int at = 0;
    while (at < length) {
      char c = line.charAt(at);
      if (c == ' ' || c == '\t') {
        at++;
        continue;
      }
      int start = at;
      while (at < length && isPlain(line.charAt(at))) {
        at++;
      }
      if (at < length && line.charAt(at) == '"') {
        StringBuilder word = new StringBuilder();
        at = readQuoted(source, line, start, word);
        add(source, word.toString(), start);
      } else {
        add(source, line.substring(start, at), start);
      }
    }
  }

  private static boolean isPlain(char c) {
    return c != ' ' && c != '\t' && c != '"';
  }

  /** Reads a word that has a quote in it; returns the place behind it. */
  private static int readQuoted(RuleSource source, String line, int start, StringBuilder word) {
    boolean quoted = false;
    int opened = start;
    int at = start;
    for (; at < line.length(); at++) {
      char c = line.charAt(at);
      if (quoted) {
        if (c == '"') {
          quoted = false;
        } else if (c == '\\' && at + 1 < line.length()) {
          word.append(line.charAt(++at));
        } else {
          word.append(c);
        }
      } else if (c == '"') {
        quoted = true;
        opened = at;
      } else if (c == ' ' || c == '\t') {
        break;
      } else {
        word.append(c);
      }
    }
    if (quoted) {
      throw source.error(opened + 1, "a quote that is not closed", "a closing '\"'");
    }
    return at;
  }

  private void add(RuleSource source, String word, int start) {
    if (size == MAX_WORDS) {
      throw source.error(start + 1, "more than 255 words", "at most 255 words in a line");
    }
    if (word.length() >= MAX_WORD_CHARS) {
      throw source.error(
          start + 1, "a word of " + word.length() + " characters", "at most 1023 characters");
    }
    words[size] = word;
    columns[size++] = start + 1;
  }
}
