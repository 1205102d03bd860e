package dev.packetpath.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class TextFileTest {
  @Test
  void charactersAreReadBehindThoseThatTheBufferHolds() throws IOException {
    Reader text =
        TextFile.of("text", new ByteArrayInputStream("größe".getBytes(StandardCharsets.UTF_8)));
    char[] buffer = "ab.......".toCharArray();
    assertThat(text.read(buffer, 2, 3)).isEqualTo(3);
    assertThat(text.read(buffer, 5, 4)).isEqualTo(2);
    assertThat(new String(buffer)).isEqualTo("abgröße..");
    assertThat(text.read(buffer, 0, 9)).isEqualTo(-1);
  }
}
