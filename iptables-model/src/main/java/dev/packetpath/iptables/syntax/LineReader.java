package dev.packetpath.iptables.syntax;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines and tells whether the last one ended in a newline, which iptables-restore insists on.
 */
final class LineReader {
  private final Reader reader;
  private final char[] buffer = new char[1 << 16];
  private int at;
  private int end;
  private int line;
  private boolean terminated;

  LineReader(Reader reader) {
    this.reader = reader;
  }

  /** Returns the number of the line last read, from 1. */
  int line() {
    return line;
  }

  /** Returns whether the line last read ended in a newline. */
  boolean isTerminated() {
    return terminated;
  }

  /** Returns the next line without its newline, or null at the end. */
  @Nullable String next() throws IOException {
    StringBuilder split = null;
    while (true) {
      for (int i = at; i < end; i++) {
        if (buffer[i] == '\n') {
          String tail = new String(buffer, at, i - at);
          at = i + 1;
          return finish(split == null ? tail : split.append(tail).toString(), true);
        }
      }
      if (end > at) {
        split = (split == null ? new StringBuilder() : split).append(buffer, at, end - at);
      }
      at = 0;
      end = Math.max(0, reader.read(buffer));
      if (end == 0) {
        return split == null ? null : finish(split.toString(), false);
      }
    }
  }

  private String finish(String text, boolean isTerminated) {
    line++;
    terminated = isTerminated;
    return text;
  }
}
