package dev.packetpath.iptables.syntax;

import org.jspecify.annotations.Nullable;

/**
 * One line as words. Space and tab part them; double quotes keep them together, the closing one
 * ends the word, and inside quotes a backslash takes the next character as it is. A quote that is
 * not closed runs to the end of the line (iptables 1.8.9, xshared.c, add_param_to_argv).
 *
 * <p>The words stay in the buffer of the line until they are asked for as strings.
 */
final class Words {
  /** As many words as a line of iptables-restore may have. */
  static final int MAX_WORDS = 251;

  private static final int MAX_WORD_BYTES = 1023;

  /** A character that no line holds. */
  private static final char NO_QUOTE = '\n';

  /** The last of the characters at which a word may end: blanks and both quotes. */
  private static final char LAST_END = '"';

  private final SharedWords shared = new SharedWords();
  private final @Nullable String[] texts = new @Nullable String[MAX_WORDS];
  private final int[] starts = new int[MAX_WORDS];
  private final int[] ends = new int[MAX_WORDS];
  private final int[] columns = new int[MAX_WORDS];
  private char[] chars = {};
  private int size;
  private boolean quoteOpen;

  int size() {
    return size;
  }

  /** Returns a word as a string. */
  String word(int i) {
    String text = texts[i];
    if (text == null) {
      text = shared.word(chars, starts[i], ends[i]);
      texts[i] = text;
    }
    return text;
  }

  /** Returns whether a word is this one. */
  boolean is(int i, String word) {
    String text = texts[i];
    return text == null ? SharedWords.isWord(word, chars, starts[i], ends[i]) : text.equals(word);
  }

  /** Returns whether a word starts with a character. */
  boolean startsWith(int i, char first) {
    String text = texts[i];
    return text == null
        ? starts[i] < ends[i] && chars[starts[i]] == first
        : !text.isEmpty() && text.charAt(0) == first;
  }

  /** Returns the chain that has a word as its name, null if there is none. */
  @Nullable ChainDraft chain(int i, ChainIndex chains) {
    String text = texts[i];
    return text == null ? chains.find(chars, starts[i], ends[i]) : chains.find(text);
  }

  /** Returns whether a word is the name of a chain of an index. */
  boolean isChain(int i, ChainIndex chains, ChainDraft chain) {
    String text = texts[i];
    return text == null
        ? chains.isNamed(chain.number(), chars, starts[i], ends[i])
        : text.equals(chain.name());
  }

  /** Returns the letter of a word that is a dash and a letter, 0 for any other word. */
  char optionLetter(int i) {
    boolean isLetter = ends[i] - starts[i] == 2 && chars[starts[i]] == '-' && texts[i] == null;
    return isLetter ? chars[starts[i] + 1] : 0;
  }

  /** Returns the column of a word's first character, from 1. */
  int column(int i) {
    return columns[i];
  }

  /** Returns whether the last word has an opening quote and no closing one. */
  boolean isQuoteOpen() {
    return quoteOpen;
  }

  /** Splits the line read last, from a place in it on. */
  void split(RuleSource source, LineReader line, int from) {
    split(source, line, from, '"');
  }

  /** Splits the line read last, from a place in it on; quotes are characters as others. */
  void splitUnquoted(RuleSource source, LineReader line, int from) {
    split(source, line, from, NO_QUOTE);
  }

  private void split(RuleSource source, LineReader line, int place, char quote) {
    size = 0;
    quoteOpen = false;
    char[] text = line.chars();
    chars = text;
    int from = line.from();
    int to = line.to();
    int at = from + place;
    while (at < to) {
      if (text[at] == ' ' || text[at] == '\t') {
        at++;
        continue;
      }
      int start = at;
      while (at < to && (text[at] > LAST_END || !endsWord(text[at], quote))) {
        at++;
      }
      int column = start - from + 1;
      if (at < to && text[at] == quote) {
        at = addQuoted(source, start, at, to, column);
      } else {
        add(source, start, at, column);
      }
    }
  }

  private static boolean endsWord(char c, char quote) {
    return c == ' ' || c == '\t' || c == quote;
  }

  /** Adds a word with a quote in it; returns the place behind it. */
  private int addQuoted(RuleSource source, int start, int quote, int to, int column) {
    int at = quote + 1;
    while (at < to && chars[at] != '"' && chars[at] != '\\') {
      at++;
    }
    if (start == quote && at < to && chars[at] == '"') {
      add(source, quote + 1, at, column);
      return at + 1;
    }
    StringBuilder word = new StringBuilder().append(chars, start, quote - start);
    int end = readQuoted(quote + 1, to, word);
    // The characters of the word are not in one piece.
    String text = word.toString();
    add(source, start, start, column);
    checkLength(source, text, column);
    texts[size - 1] = text;
    return end;
  }

  /** Reads up to the closing quote, which ends the word; returns the place behind it. */
  private int readQuoted(int from, int to, StringBuilder word) {
    int at = from;
    while (at < to) {
      char c = chars[at++];
      if (c == '"') {
        return at;
      }
      if (c != '\\') {
        word.append(c);
      } else if (at < to) {
        word.append(chars[at++]);
      }
    }
    quoteOpen = true;
    return at;
  }

  private void add(RuleSource source, int start, int end, int column) {
    if (size == MAX_WORDS) {
      throw source.error(
          column, "more than " + MAX_WORDS + " words", "at most " + MAX_WORDS + " in a line");
    }
    if (end - start > MAX_WORD_BYTES / 3) {
      checkLength(source, new String(chars, start, end - start), column);
    }
    if (texts[size] != null) {
      texts[size] = null;
    }
    starts[size] = start;
    ends[size] = end;
    columns[size++] = column;
  }

  private static void checkLength(RuleSource source, String word, int column) {
    if (word.length() > MAX_WORD_BYTES / 3 && Utf8Text.length(word) > MAX_WORD_BYTES) {
      throw source.error(
          column, "a word of " + Utf8Text.length(word) + " bytes", "at most " + MAX_WORD_BYTES);
    }
  }
}
