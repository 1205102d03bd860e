package dev.packetpath.core.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TcpFlagsTest {
  @ParameterizedTest
  @CsvSource({"'', 0", "F, 1", "S, 2", "SA, 18", "RA, 20", "FSRPAUEC, 255", "EC, 192"})
  void lettersAreBitsInTheOrderOfTheHeader(String letters, int bits) {
    assertThat(TcpFlags.parseLetters(letters)).isEqualTo(bits);
    assertThat(TcpFlags.toLetters(bits)).isEqualTo(letters);
  }

  @Test
  void lettersMayComeInAnyOrder() {
    assertThat(TcpFlags.parseLetters("AS")).isEqualTo(TcpFlags.SYN | TcpFlags.ACK);
  }

  @Test
  void anotherLetterIsRefusedWithWhatWasWritten() {
    assertThatThrownBy(() -> TcpFlags.parseLetters("SX"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"SX\"")
        .hasMessageContaining("FSRPAUEC");
  }
}
