package dev.packetpath.cli;

import com.google.common.collect.Lists;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A folder for results: its files appear together, once all of them are written. */
public final class OutputFolder implements AutoCloseable {
  private final Path folder;
  private final List<Path> made;
  private final Path draft;
  private final List<String> names = new ArrayList<>();

  private OutputFolder(Path folder, List<Path> made, Path draft) {
    this.folder = folder;
    this.made = made;
    this.draft = draft;
  }

  /** What writes one file. */
  @FunctionalInterface
  public interface Content {
    /** Writes it. */
    void writeTo(Writer out) throws IOException;
  }

  /** What writes one file that is not, or not only, text. */
  @FunctionalInterface
  interface Bytes {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Returns the folder, made if it is absent; it goes again if nothing is published. */
  static OutputFolder at(Path folder) throws IOException {
    List<Path> made = new ArrayList<>();
    for (Path at = folder.toAbsolutePath(); at != null && !Files.exists(at); at = at.getParent()) {
      made.add(at);
    }
    Files.createDirectories(folder);
    Path draft = Files.createTempDirectory(folder, ".unfinished");
    Lists.reverse(made).forEach(OutputFolder::goesWithTheProcess);
    goesWithTheProcess(draft);
    return new OutputFolder(folder, made, draft);
  }

  /** Checks that files can be written there, and leaves nothing behind. */
  static void check(Path folder) throws IOException {
    at(folder).close();
  }

  void write(String name, Content content) throws IOException {
    try (Writer out = Files.newBufferedWriter(begin(name), StandardCharsets.UTF_8)) {
      content.writeTo(out);
    }
  }

  void writeBytes(String name, Bytes content) throws IOException {
    try (OutputStream out = Files.newOutputStream(begin(name))) {
      content.writeTo(out);
    }
  }

  private Path begin(String name) {
    names.add(name);
    Path file = draft.resolve(name);
    goesWithTheProcess(file);
    return file;
  }

  /** Has a file or an empty folder deleted at a signal, which skips {@link #close}. */
  private static void goesWithTheProcess(Path path) {
    path.toFile().deleteOnExit();
  }

  /** Moves all files to where they belong. */
  void publish() throws IOException {
    for (String name : names) {
      Files.move(draft.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    names.clear();
    made.clear();
  }

  @Override
  public void close() throws IOException {
    for (String name : names) {
      Files.deleteIfExists(draft.resolve(name));
    }
    Files.delete(draft);
    for (Path path : made) {
      Files.delete(path);
    }
  }

  /** Reads the name of a folder. */
  static final class Converter implements ITypeConverter<Path> {
    @Override
    public Path convert(String text) {
      if (text.isEmpty()) {
        throw new TypeConversionException("found \"\", expected the name of a folder");
      }
      return Path.of(text);
    }
  }
}
