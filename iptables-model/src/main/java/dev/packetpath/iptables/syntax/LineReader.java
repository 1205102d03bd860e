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
  private String chunk = "";
  private int at;
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
    StringBuilder start = null;
    while (true) {
      int newline = chunk.indexOf('\n', at);
      if (newline >= 0) {
        String end = chunk.substring(at, newline);
        at = newline + 1;
        return finish(start == null ? end : start.append(end).toString(), true);
      }
      if (at < chunk.length()) {
        start = (start == null ? new StringBuilder() : start).append(chunk, at, chunk.length());
      }
      at = 0;
      chunk = nextChunk();
      if (chunk.isEmpty()) {
        return start == null ? null : finish(start.toString(), false);
      }
    }
  }

  private String nextChunk() throws IOException {
    int read = reader.read(buffer);
    return read <= 0 ? "" : new String(buffer, 0, read);
  }

  private String finish(String text, boolean isTerminated) {
    line++;
    terminated = isTerminated;
    return text;
  }
}
