package dev.packetpath.compare.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeastSquaresTest {
  private static final double[] START = {-1.2, 1};

  /** A narrow bent valley, that of Rosenbrock (1960), with its least value at 1, 1. */
  private static double[] valley(double[] at) {
    return new double[] {10 * (at[1] - at[0] * at[0]), 1 - at[0]};
  }

  @Test
  void theLeastOfAValleyIsFound() {
    assertThat(LeastSquares.minimize(LeastSquaresTest::valley, START))
        .containsExactly(new double[] {1, 1}, within(1e-6));
  }

  /** After a step that gains nothing the slopes are still those of the place where it stands. */
  @Test
  void noPlaceIsAskedTwice() {
    List<String> asked = new ArrayList<>();
    LeastSquares.minimize(
        at -> {
          asked.add(Arrays.toString(at));
          return valley(at);
        },
        START);
    assertThat(asked).doesNotHaveDuplicates();
  }
}
