package dev.packetpath.iptables.ipset;

import dev.packetpath.core.SyntaxException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The words of one line of {@code ipset restore}, each with its column; a cursor over them. */
final class IpsetLine {
  private static final Pattern DECIMAL = Pattern.compile("[1-9][0-9]{0,19}");
  private static final BigInteger MAX_COUNTER = new BigInteger("18446744073709551614");
  private static final String END = "the end of the line";

  private final String file;
  private final int number;
  private final String text;
  private final List<Word> words = new ArrayList<>();
  private int position;
  private boolean exist;

  /** A word without its quotation marks, and the column of its first character. */
  private record Word(String text, int column) {}

  /** Splits a line; like the real tool it does not see a word that is only quotation marks. */
  IpsetLine(String file, int number, String text) {
    this.file = file;
    this.number = number;
    this.text = text;
    split();
  }

  private void split() {
    int at = 0;
    while (at < text.length()) {
      if (isSpace(text.charAt(at))) {
        at++;
        continue;
      }
      int start = at;
      boolean quoted = text.charAt(at) == '"';
      int from = quoted ? at + 1 : at;
      at = from;
      while (at < text.length() && (quoted ? text.charAt(at) != '"' : !isSpace(text.charAt(at)))) {
        at++;
      }
      String word = text.substring(from, at);
      if (quoted) {
        if (at == text.length()) {
          throw error(start + 1, quote(text.substring(start)), "a closing '\"'");
        }
        at++;
        if (at < text.length() && !isSpace(text.charAt(at))) {
          throw error(at + 1, quote(text.substring(at)), "a space behind '\"'");
        }
      }
      if (!quoted && (word.equals("-exist") || word.equals("-!") || word.equals("--exist"))) {
        exist = true;
      } else if (quoted ? !word.isEmpty() : !(word.equals("-q") || word.equals("-quiet"))) {
        words.add(new Word(word, start + 1));
      }
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  /** Whether the line has no command: it is empty, a comment or COMMIT. */
  boolean isBlank() {
    return words.isEmpty() || words.get(0).text.equals("COMMIT");
  }

  /** Whether the line says {@code -exist}. */
  boolean exist() {
    return exist;
  }

  boolean hasNext() {
    return position < words.size();
  }

  /** Moves on to the next word. */
  String next(String expected) {
    if (!hasNext()) {
      throw error(text.length() + 1, END, expected);
    }
    return words.get(position++).text;
  }

  /** Moves on to the next word, which holds a number in C's decimal, octal or hexadecimal form. */
  long nextNumber(String what, long min, long max) {
    String expected = what + ", a number from " + min + " to " + max;
    long value = number(next(expected), max);
    if (value < min) {
      throw here(expected);
    }
    return value;
  }

  /** Moves on to the next word, which holds a counter: 0 to 2<sup>64</sup>-2. */
  long nextCounter(String what) {
    String expected = what + ", a number from 0 to 18446744073709551614";
    String word = next(expected);
    long small = number(word, Long.MAX_VALUE);
    if (small >= 0) {
      return small;
    }
    if (DECIMAL.matcher(word).matches()) {
      BigInteger value = new BigInteger(word);
      if (value.compareTo(MAX_COUNTER) <= 0) {
        return value.longValue();
      }
    }
    throw here(expected);
  }

  /** Returns the number that a text is in C's notation, or -1 if it is none or above the most. */
  static long number(String text, long max) {
    boolean hex = text.startsWith("0x") || text.startsWith("0X");
    int radix = hex ? 16 : text.length() > 1 && text.charAt(0) == '0' ? 8 : 10;
    int from = hex ? 2 : 0;
    if (from == text.length() || text.length() - from > 18) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < text.length(); i++) {
      int digit = Character.digit(text.charAt(i), radix);
      if (digit < 0 || text.charAt(i) > 'z') {
        return -1;
      }
      value = value * radix + digit;
      if (value > max) {
        return -1;
      }
    }
    return value;
  }

  /** The error that the word just read is wrong. */
  SyntaxException here(String expected) {
    return at(position - 1, expected);
  }

  /** The error that a word, from 0, is wrong. */
  SyntaxException at(int index, String expected) {
    Word word = words.get(Math.min(index, words.size() - 1));
    return error(word.column, quote(word.text), expected);
  }

  /** The error that a word is refused, with the reason. */
  SyntaxException refused(int index, String reason, String expected) {
    Word word = words.get(Math.min(index, words.size() - 1));
    return error(word.column, quote(word.text) + " (" + reason + ")", expected);
  }

  /** The error that a part of the word just read is wrong. */
  SyntaxException inWord(int offset, String found, String expected) {
    return error(words.get(position - 1).column + offset, quote(found), expected);
  }

  private SyntaxException error(int column, String found, String expected) {
    return new SyntaxException(file, number, column, found, expected);
  }

  private static String quote(String word) {
    return "\"" + word + "\"";
  }
}
