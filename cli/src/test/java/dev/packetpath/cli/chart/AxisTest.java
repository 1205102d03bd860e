package dev.packetpath.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AxisTest {
  @Test
  void aLinearAxisHasRoundTicksFromZeroToWhatHoldsTheMost() {
    assertThat(Axis.linear(4.3, 0, 100).ticks()).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0);
    assertThat(Axis.linear(0.9, 0, 100).ticks()).hasSize(6).endsWith(1.0);
    assertThat(Axis.linear(4.3, 400, 100).place(2.5)).isCloseTo(250, within(1e-9));
    assertThat(Axis.linear(0, 0, 100).place(0)).isZero();
  }

  @Test
  void aLogarithmicAxisHasPowersOfTen() {
    Axis axis = Axis.logarithmic(9, 20_000, 400, 0);
    assertThat(axis.ticks()).containsExactly(10.0, 100.0, 1000.0, 10_000.0);
    assertThat(axis.place(100) - axis.place(1000))
        .isCloseTo(axis.place(1000) - axis.place(10_000), within(1e-9));
    assertThat(axis.place(0)).isEqualTo(400);
    assertThat(axis.place(20_000)).isZero();
  }

  @Test
  void aShortOneHasRoundNumbersBetween() {
    Axis axis = Axis.logarithmic(0.045, 4.3, 400, 0);
    assertThat(axis.ticks())
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b))
        .containsExactly(0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0);
    assertThat(Axis.logarithmic(3, 3, 400, 0).ticks()).containsExactly(2.0, 5.0);
  }

  @Test
  void sizesThatSpreadAreLaidOutByPowersAndNamedWhereThereIsRoom() {
    Axis axis = Axis.at(List.of(10.0, 100.0, 500.0, 1000.0, 5000.0, 10_000.0), 0, 480);
    assertThat(axis.ticks()).containsExactly(10.0, 100.0, 500.0, 1000.0, 5000.0, 10_000.0);
    Axis crowded = Axis.at(List.of(10.0, 990.0, 1000.0, 9_900.0, 10_000.0), 0, 480);
    assertThat(crowded.ticks()).containsExactly(10.0, 1000.0, 10_000.0);
    assertThat(Axis.at(List.of(100.0, 200.0, 300.0), 0, 200).place(200)).isEqualTo(100);
  }

  @Test
  void oneSizeStandsInside() {
    assertThat(Axis.at(List.of(320.0), 0, 100).place(320)).isBetween(20.0, 80.0);
  }

  @Test
  void ticksAreWrittenAsPeopleDo() {
    assertThat(Axis.text(10_000)).isEqualTo("10,000");
    assertThat(Axis.text(0.2)).isEqualTo("0.2");
  }
}
