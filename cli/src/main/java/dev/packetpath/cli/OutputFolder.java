package dev.packetpath.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** A folder for results: its files appear together, once all of them are written. */
final class OutputFolder implements AutoCloseable {
  private final Path folder;
  private final Path draft;
  private final List<String> names = new ArrayList<>();

  private OutputFolder(Path folder, Path draft) {
    this.folder = folder;
    this.draft = draft;
  }

  /** What writes one file. */
  @FunctionalInterface
  interface Content {
    void writeTo(Writer out) throws IOException;
  }

  /** What writes one file that is not, or not only, text. */
  @FunctionalInterface
  interface Bytes {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Returns the folder, made if it is absent. */
  static OutputFolder at(Path folder) throws IOException {
    Files.createDirectories(folder);
    return new OutputFolder(folder, Files.createTempDirectory(folder, ".unfinished"));
  }

  void write(String name, Content content) throws IOException {
    names.add(name);
    try (Writer out = Files.newBufferedWriter(draft.resolve(name), StandardCharsets.UTF_8)) {
      content.writeTo(out);
    }
  }

  void writeBytes(String name, Bytes content) throws IOException {
    names.add(name);
    try (OutputStream out = Files.newOutputStream(draft.resolve(name))) {
      content.writeTo(out);
    }
  }

  /** Moves all files to where they belong. */
  void publish() throws IOException {
    for (String name : names) {
      Files.move(draft.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    names.clear();
  }

  @Override
  public void close() throws IOException {
    for (String name : names) {
      Files.deleteIfExists(draft.resolve(name));
    }
    Files.delete(draft);
  }
}
