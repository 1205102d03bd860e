package dev.packetpath.iptables.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  /** Lines of a text as they are read in pieces of so many characters. */
  private static List<String> lines(String text, int piece) throws IOException {
    LineReader reader = new LineReader(new PiecesReader(text, piece));
    List<String> lines = new ArrayList<>();
    while (reader.next()) {
      lines.add(reader.text());
      assertThat(reader.line()).isEqualTo(lines.size());
      assertThat(reader.isTerminated())
          .isEqualTo(lines.size() <= text.chars().filter(c -> c == '\n').count());
    }
    assertThat(reader.next()).isFalse();
    return lines;
  }

  @Property(tries = 500)
  void linesAreTheSameWhateverPiecesTheyComeIn(
      @ForAll @CharRange(from = 'a', to = 'c') String letters,
      @ForAll @IntRange(min = 1, max = 7) int piece)
      throws IOException {
    String text = letters.replace('c', '\n');
    assertThat(lines(text, piece)).isEqualTo(text.lines().toList());
  }

  @Test
  void aLineLongerThanTheBufferIsReadWhole() throws IOException {
    String line = "x".repeat(200_000);
    assertThat(lines("a\n" + line + "\nb\n" + line, 60_000)).containsExactly("a", line, "b", line);
  }

  @Test
  void theLineIsLookedAtInTheBuffer() throws IOException {
    LineReader reader = new LineReader(new StringReader("\nCOMMIT\n"));
    assertThat(reader.next()).isTrue();
    assertThat(reader.length()).isZero();
    assertThat(reader.startsWith('C')).isFalse();
    assertThat(reader.next()).isTrue();
    assertThat(reader.startsWith('C')).isTrue();
    assertThat(reader.is("COMMIT")).isTrue();
    assertThat(reader.is("COMMIX")).isFalse();
    assertThat(reader.is("COMMIT ")).isFalse();
  }

  /** Hands out a text in small pieces, as a pipe does. */
  private static final class PiecesReader extends Reader {
    private final StringReader text;
    private final int piece;

    PiecesReader(String text, int piece) {
      this.text = new StringReader(text);
      this.piece = piece;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      return text.read(buffer, offset, Math.min(piece, length));
    }

    @Override
    public void close() {
      text.close();
    }
  }
}
