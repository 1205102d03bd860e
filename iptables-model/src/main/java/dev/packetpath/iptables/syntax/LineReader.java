package dev.packetpath.iptables.syntax;

import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;

/**
 * Reads lines into one buffer, where the line read last is looked at: most lines are never made
 * strings. Tells whether the last one ended in a newline, which iptables-restore insists on.
 */
final class LineReader {
  private static final int FIRST_SIZE = 1 << 16;

  private final Reader reader;
  private char[] chars = new char[FIRST_SIZE];

  /** Where the line read last starts and ends, and where the next one starts. */
  private int from;

  private int to;
  private int nextFrom;

  /** Where the characters end that were read. */
  private int end;

  private int line;
  private boolean terminated;

  LineReader(Reader reader) {
    this.reader = reader;
  }

  /** Reads the next line; returns false at the end. */
  boolean next() throws IOException {
    from = nextFrom;
    to = newlineFrom(from);
    while (to == end && readMore()) {
      to = newlineFrom(to);
    }
    terminated = to < end;
    nextFrom = terminated ? to + 1 : to;
    if (!terminated && to == from) {
      return false;
    }
    line++;
    return true;
  }

  /** Returns where the next newline stands, {@link #end} if there is none. */
  private int newlineFrom(int start) {
    char[] text = chars;
    int at = start;
    while (at < end && text[at] != '\n') {
      at++;
    }
    return at;
  }

  /**
   * Moves the line that has begun to the start of the buffer and reads on behind it, at {@link
   * #to}.
   */
  private boolean readMore() throws IOException {
    int begun = end - from;
    if (begun == chars.length) {
      chars = Arrays.copyOf(chars, 2 * begun);
    } else {
      System.arraycopy(chars, from, chars, 0, begun);
    }
    from = 0;
    to = begun;
    int read = reader.read(chars, begun, chars.length - begun);
    end = begun + Math.max(read, 0);
    return read > 0;
  }

  /** Returns the number of the line read last, from 1. */
  int line() {
    return line;
  }

  /** Returns whether the line read last ended in a newline. */
  boolean isTerminated() {
    return terminated;
  }

  /** Returns the buffer, which holds the line read last between {@link #from} and {@link #to}. */
  char[] chars() {
    return chars;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  int length() {
    return to - from;
  }

  /** Returns whether the line read last starts with a character. */
  boolean startsWith(char first) {
    return from < to && chars[from] == first;
  }

  /** Returns whether the line read last is this one. */
  boolean is(String text) {
    return SharedWords.isWord(text, chars, from, to);
  }

  /** Returns the line read last, without its newline. */
  String text() {
    return new String(chars, from, to - from);
  }
}
