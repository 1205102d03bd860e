package dev.packetpath.node;

import com.google.common.collect.ImmutableMap;
import com.google.common.io.CharSource;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files of a snapshot's folder, any of which may be absent. */
interface SnapshotFiles {
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

  /** Returns whether there is a file of this name. */
  boolean has(String name);

  /** Returns what a file is called in errors. */
  String pathOf(String name);

  /** Opens a file that is there. */
  Reader open(String name) throws IOException;

  /** Returns what a file holds, or {@code absent} if there is no such file. */
  default <T> T read(String name, TextReader<T> reader, T absent) throws IOException {
    if (!has(name)) {
      return absent;
    }
    try (Reader text = open(name)) {
      return reader.read(pathOf(name), text);
    }
  }

  /** Returns the files of a folder. */
  static SnapshotFiles in(Path folder) {
    return new SnapshotFiles() {
      @Override
      public boolean has(String name) {
        return Files.exists(folder.resolve(name));
      }

      @Override
      public String pathOf(String name) {
        return folder.resolve(name).toString();
      }

      @Override
      public Reader open(String name) throws IOException {
        return new BufferedReader(TextFile.open(folder.resolve(name)));
      }
    };
  }

  /** Returns files that are texts, by name. */
  static SnapshotFiles of(ImmutableMap<String, CharSource> texts) {
    return new SnapshotFiles() {
      @Override
      public boolean has(String name) {
        return texts.containsKey(name);
      }

      @Override
      public String pathOf(String name) {
        return name;
      }

      @Override
      public Reader open(String name) throws IOException {
        CharSource text = texts.get(name);
        if (text == null) {
          throw new FileNotFoundException(name);
        }
        return text.openBufferedStream();
      }
    };
  }

  /** Returns the files beside a class. */
  static SnapshotFiles beside(Class<?> type, String folder) {
    return new SnapshotFiles() {
      @Override
      public boolean has(String name) {
        return type.getResource(folder + "/" + name) != null;
      }

      @Override
      public String pathOf(String name) {
        return folder + "/" + name;
      }

      @Override
      public Reader open(String name) throws IOException {
        InputStream bytes = type.getResourceAsStream(folder + "/" + name);
        if (bytes == null) {
          throw new FileNotFoundException(pathOf(name));
        }
        return new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8));
      }
    };
  }
}
