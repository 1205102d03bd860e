package dev.packetpath.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.CharStreams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100})
  void byteOrderMarkIsNoPartOfTheText(int atOnce) throws IOException {
    assertThat(read("\ufeff", atOnce)).isEmpty();
    assertThat(read("\ufeff*nat\n", atOnce)).isEqualTo("*nat\n");
    assertThat(read("*\ufeffnat", atOnce)).isEqualTo("*\ufeffnat");
    assertThat(read("\ufeff\ufeff", atOnce)).isEqualTo("\ufeff");
  }

  @Test
  void placesDoNotCountTheByteOrderMark() {
    byte[] bytes = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, 'a', (byte) 0xff};
    Reader text = TextFile.of("text", new ByteArrayInputStream(bytes));
    assertThatThrownBy(() -> CharStreams.toString(text)).hasMessageStartingWith("text:1:2: ");
  }

  private static String read(String written, int atOnce) throws IOException {
    StringBuilder found = new StringBuilder();
    char[] buffer = new char[atOnce];
    try (Reader text =
        TextFile.of("text", new ByteArrayInputStream(written.getBytes(StandardCharsets.UTF_8)))) {
      for (int read = text.read(buffer); read >= 0; read = text.read(buffer)) {
        assertThat(read).isPositive();
        found.append(buffer, 0, read);
      }
    }
    return found.toString();
  }
}
