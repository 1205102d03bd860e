package dev.packetpath.cli;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** A file for a result: it appears, or replaces an older one, once all of it is written. */
public final class OutputFile {
  private OutputFile() {}

  /**
   * Checks that a file can be written there, and leaves nothing behind.
   *
   * @throws IOException if it cannot be
   */
  public static void check(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "found a folder, expected a file");
    }
    if (!isWrittenThrough(file)) {
      OutputFolder.check(folderOf(file));
    }
  }

  /**
   * Writes a file.
   *
   * @throws IOException if it cannot be written; then it is as it was
   */
  public static void write(Path file, OutputFolder.Content content) throws IOException {
    check(file);
    if (isWrittenThrough(file)) {
      try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
        content.writeTo(out);
      }
      return;
    }
    try (OutputFolder folder = OutputFolder.at(folderOf(file))) {
      folder.write(String.valueOf(file.getFileName()), content);
      folder.publish();
    }
  }

  /** Returns whether there is a device, a pipe or a link, which no file may replace. */
  private static boolean isWrittenThrough(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }

  private static Path folderOf(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file : folder;
  }
}
