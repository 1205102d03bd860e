package dev.packetpath.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SyntaxExceptionTest {
  @Test
  void itTellsThePlaceWhatIsThereAndWhatCouldBe() {
    SyntaxException error = new SyntaxException("rules", 3, 14, "\"-q\"", "an option");
    assertThat(error).hasMessage("rules:3:14: found \"-q\", expected an option");
    assertThat(error.file()).isEqualTo("rules");
    assertThat(error.line()).isEqualTo(3);
    assertThat(error.column()).isEqualTo(14);
    assertThat(error.found()).isEqualTo("\"-q\"");
    assertThat(error.expected()).isEqualTo("an option");
  }
}
