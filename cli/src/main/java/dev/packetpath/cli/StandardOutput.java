package dev.packetpath.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where answers go, as UTF-8: standard output, which {@link System#out} would fill without a word
 * on a disk that is full.
 */
final class StandardOutput extends OutputStream {
  private static final String READER_LEFT = "Broken pipe";

  private final OutputStream out;
  private Optional<String> failure = Optional.empty();

  StandardOutput(OutputStream out) {
    this.out = out;
  }

  static StandardOutput ofProcess() {
    return new StandardOutput(new FileOutputStream(FileDescriptor.out));
  }

  PrintWriter writer() {
    return new PrintWriter(this, false, StandardCharsets.UTF_8);
  }

  /** Returns why the first write that failed did so, empty if none did. */
  Optional<String> failure() {
    return failure;
  }

  /** Returns whether whoever read the answer wanted no more of it, as {@code head} does. */
  boolean readerLeft() {
    return failure.filter(READER_LEFT::equals).isPresent();
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      if (failure.isEmpty()) {
        failure = Optional.of(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }
}
