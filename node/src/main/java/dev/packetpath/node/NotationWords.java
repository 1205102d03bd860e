package dev.packetpath.node;

import dev.packetpath.core.SyntaxException;

/** The words of a packet's notation, one after the other, with their columns. */
final class NotationWords {
  private static final String FILE = "packet";

  private final String text;
  private final int number;
  private String word = "";
  private int start;
  private int end;

  NotationWords(String text, int number) {
    this.text = text;
    this.number = number;
  }

  /** Returns whether a word is left. */
  boolean hasNext() {
    return skipSpace() < text.length();
  }

  private int skipSpace() {
    int at = end;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** Returns the next word without taking it, "" at the end. */
  String peek() {
    int at = skipSpace();
    return text.substring(at, endOfWord(at));
  }

  private int endOfWord(int from) {
    int at = from;
    while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
      if (text.charAt(at) == '>') {
        return at == from ? at + 1 : at;
      }
      at++;
    }
    return at;
  }

  /** Takes the next word; a {@code >} is one by itself. */
  String next(String expected) {
    start = skipSpace();
    end = endOfWord(start);
    word = text.substring(start, end);
    if (word.isEmpty()) {
      throw error("the end", expected);
    }
    return word;
  }

  /** Returns the word that was taken last. */
  String word() {
    return word;
  }

  /** Returns the column of the word that was taken last, from 1. */
  int column() {
    return start + 1;
  }

  SyntaxException error(String found, String expected) {
    return error(column(), found, expected);
  }

  SyntaxException error(int column, String found, String expected) {
    return new SyntaxException(FILE, number, column, found, expected);
  }

  /** Returns a decimal or 0x-hexadecimal number of at most {@code max}. */
  long number(String digits, int column, long max) {
    boolean hex = digits.startsWith("0x") || digits.startsWith("0X");
    try {
      long value = Long.parseLong(hex ? digits.substring(2) : digits, hex ? 16 : 10);
      if (value >= 0 && value <= max && Character.digit(digits.charAt(hex ? 2 : 0), 16) >= 0) {
        return value;
      }
    } catch (NumberFormatException notANumber) {
      // the same answer as for a number out of range
    }
    throw error(column, "\"" + digits + "\"", "a number from 0 to " + max);
  }
}
