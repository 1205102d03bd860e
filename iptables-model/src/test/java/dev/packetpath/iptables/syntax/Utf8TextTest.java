package dev.packetpath.iptables.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class Utf8TextTest {
  private static final String LONGEST_OF_EACH = "\u007f\u07ff\uffff\ud83d\ude00";

  @Test
  void charactersTakeOneToFourBytes() {
    assertThat(Utf8Text.length(LONGEST_OF_EACH)).isEqualTo(1 + 2 + 3 + 4);
    assertThat(Utf8Text.length("\u0080\u0800")).isEqualTo(2 + 3);
    assertThat(Utf8Text.truncated(LONGEST_OF_EACH, 9)).isEqualTo("\u007f\u07ff\uffff");
    assertThat(Utf8Text.truncated(LONGEST_OF_EACH, 10)).isEqualTo(LONGEST_OF_EACH);
  }

  /** Which Java texts can hold, and no encoding. */
  @Test
  void halfAPairCountsAsThree() {
    assertThat(Utf8Text.length("\ud83d")).isEqualTo(3);
    assertThat(Utf8Text.length("\ude00")).isEqualTo(3);
    assertThat(Utf8Text.length("\ud83da")).isEqualTo(4);
    assertThat(Utf8Text.length("a\ude00")).isEqualTo(4);
    assertThat(Utf8Text.length("\ude00\ud83d")).isEqualTo(6);
    assertThat(Utf8Text.length("\ud83d\ud83d\ude00")).isEqualTo(7);
  }
}
