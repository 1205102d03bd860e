package dev.packetpath.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputFileTest {
  @TempDir private Path folder;

  @Test
  void fileAppearsWithFoldersAndThePermissionsOfAnyFile() throws IOException {
    Path file = folder.resolve("new/result.yaml");
    OutputFile.write(file, out -> out.write("whole"));
    Path plain = Files.createFile(folder.resolve("new/plain"));
    assertThat(file).hasContent("whole");
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(plain));
  }

  @Test
  void olderFileStaysWhenTheNewOneFails() throws IOException {
    Path file = Files.writeString(folder.resolve("result"), "old");
    assertThatThrownBy(
            () ->
                OutputFile.write(
                    file,
                    out -> {
                      out.write("half");
                      throw new UncheckedIOException(new IOException("disk full"));
                    }))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryNotContaining(path -> path.toString().contains("unfinished"));
  }

  @Test
  void linkIsWrittenThrough() throws IOException {
    Path target = Files.writeString(folder.resolve("target"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), target);
    OutputFile.write(link, out -> out.write("new"));
    assertThat(link).isSymbolicLink();
    assertThat(target).hasContent("new");
  }

  @Test
  void folderIsRefused() {
    assertThatThrownBy(() -> OutputFile.check(folder))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("found a folder, expected a file");
  }
}
