package dev.packetpath.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class ChancesTest {
  private static final int HALF = 1 << 30;
  private static final int ALL = 1 << 31;

  @Test
  void eachChanceHasItsPartOfWhatIsLeft() {
    Chances chances = Chances.of(HALF / 2, HALF);

    assertThat(chances.size()).isEqualTo(2);
    assertThat(chances.refusals(0)).isZero();
    assertThat(chances.refusals(Chances.NUMBERS / 4 - 1)).isZero();
    assertThat(chances.refusals(Chances.NUMBERS / 4)).isEqualTo(1);
    assertThat(chances.refusals(Chances.NUMBERS / 8 * 5 - 1)).isEqualTo(1);
    assertThat(chances.refusals(Chances.NUMBERS / 8 * 5)).isEqualTo(2);
    assertThat(chances.refusals(Chances.NUMBERS - 1)).isEqualTo(2);
  }

  @Test
  void whatIsLeftBeginsWhereTheChanceBefore() {
    Chances chances = Chances.of(HALF, HALF);

    assertThat(chances.begin(0)).isZero();
    assertThat(chances.begin(1)).isEqualTo(Chances.NUMBERS / 2);
    assertThat(chances.begin(2)).isEqualTo(Chances.NUMBERS / 4 * 3);
    assertThat(chances.begin(3)).isEqualTo(Chances.NUMBERS);
  }

  @Test
  void certainChancesTakeNoNumber() {
    assertThat(Chances.of(HALF).takesOneNumber()).isTrue();
    assertThat(Chances.of().takesOneNumber()).isFalse();
    assertThat(Chances.of(HALF, 0).takesOneNumber()).isFalse();
    assertThat(Chances.of(ALL, HALF).takesOneNumber()).isFalse();
  }

  @Test
  void manyChancesTakeMoreThanOneNumber() {
    int[] halves = new int[31];
    Arrays.fill(halves, HALF);
    assertThat(Chances.of(halves).takesOneNumber()).isTrue();
    assertThat(Chances.of(Arrays.copyOf(halves, 32)).takesOneNumber()).isFalse();
  }

  @Test
  void moreThanAllIsRefused() {
    assertThatThrownBy(() -> Chances.of(HALF, ALL + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 2147483649");
  }

  @Test
  void equalThresholdsAreEqualChances() {
    assertThat(Chances.of(1, 2)).isEqualTo(Chances.of(1, 2)).hasSameHashCodeAs(Chances.of(1, 2));
    assertThat(Chances.of(1, 2)).isNotEqualTo(Chances.of(2, 1));
    assertThat(Chances.of(ALL).threshold(0)).isEqualTo(Decisions.CHANCE_SCALE);
    assertThat(Chances.of(1, 2)).hasToString("[1, 2]");
  }
}
