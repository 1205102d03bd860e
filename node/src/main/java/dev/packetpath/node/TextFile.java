package dev.packetpath.node;

import dev.packetpath.core.SyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text in UTF-8 that is read from a file or a stream and says where a byte is none. A byte order
 * mark at its start, which editors write, is no part of it. Belongs to one thread.
 */
public final class TextFile extends Reader {
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private final String name;
  private final InputStream bytes;
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final ByteBuffer in = ByteBuffer.allocate(1 << 13).flip();
  private boolean atStart = true;
  private boolean atEnd;
  private int line = 1;
  private int column = 1;

  private TextFile(String name, InputStream bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  /**
   * Opens a file.
   *
   * @throws FileSystemException if it is absent, a folder, or may not be read
   */
  public static Reader open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "found a folder, expected a file");
    }
    return new TextFile(file.toString(), Files.newInputStream(file));
  }

  /** Returns the text of a stream that is called {@code name} in errors. */
  public static Reader of(String name, InputStream bytes) {
    return new TextFile(name, bytes);
  }

  /**
   * Reads some characters.
   *
   * @throws SyntaxException where the bytes are no UTF-8
   */
  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    CharBuffer out = CharBuffer.wrap(buffer, offset, length).slice();
    while (out.position() == 0 && length > 0) {
      CoderResult result = decoder.decode(in, out, atEnd);
      if (out.position() > 0) {
        break;
      }
      if (result.isError()) {
        throw new SyntaxException(name, line, column, "a byte that is no text", "UTF-8");
      }
      if (atEnd) {
        return -1;
      }
      fill();
    }
    if (atStart) {
      atStart = false;
      if (buffer[offset] == BYTE_ORDER_MARK) {
        return afterMark(buffer, offset, out.position(), length);
      }
    }
    advance(buffer, offset, out.position());
    return out.position();
  }

  private int afterMark(char[] buffer, int offset, int read, int length) throws IOException {
    if (read == 1) {
      return read(buffer, offset, length);
    }
    System.arraycopy(buffer, offset + 1, buffer, offset, read - 1);
    advance(buffer, offset, read - 1);
    return read - 1;
  }

  private void fill() throws IOException {
    in.compact();
    int read = bytes.read(in.array(), in.position(), in.remaining());
    atEnd = read < 0;
    in.position(in.position() + Math.max(read, 0));
    in.flip();
  }

  private void advance(char[] buffer, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (buffer[i] == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
