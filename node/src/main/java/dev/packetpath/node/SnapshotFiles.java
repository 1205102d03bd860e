package dev.packetpath.node;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of a snapshot's folder, any of which may be absent. */
final class SnapshotFiles {
  private final Path folder;

  SnapshotFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads the text of one file.
   *
   * @param <T> what it is read into
   */
  @FunctionalInterface
  interface TextReader<T> {
    /** Reads a text that is called {@code file} in errors. */
    T read(String file, Reader text) throws IOException;
  }

  boolean has(String name) {
    return Files.isRegularFile(folder.resolve(name));
  }

  /** Returns what a file holds, or {@code absent} if there is no such file. */
  <T> T read(String name, TextReader<T> reader, T absent) throws IOException {
    Path path = folder.resolve(name);
    if (!Files.isRegularFile(path)) {
      return absent;
    }
    try (Reader text = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      return reader.read(path.toString(), text);
    }
  }
}
