package dev.packetpath.kubernetes.sync;

import dev.packetpath.kubernetes.node.NodeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/**
 * How large a text is.
 *
 * @param lines its lines
 * @param bytes its bytes in UTF-8
 */
public record TextSize(long lines, long bytes) {
  /** Writes a text to count it; none of it is held. */
  static TextSize of(NodeFile.Content content) {
    Counter counter = new Counter();
    try {
      content.writeTo(counter);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written", e);
    }
    return new TextSize(counter.lines, counter.bytes);
  }

  /** Counts what is written to it. */
  private static final class Counter extends Writer {
    private long lines;
    private long bytes;

    @Override
    public void write(char[] text, int start, int length) {
      long ofUtf8 = length;
      int ends = 0;
      for (int i = start; i < start + length; i++) {
        char c = text[i];
        if (c == '\n') {
          ends++;
        } else if (c >= 0x80) {
          // Two bytes to U+07FF, three beyond; of four-byte ones each surrogate counts two.
          ofUtf8 += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
      }
      lines += ends;
      bytes += ofUtf8;
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
