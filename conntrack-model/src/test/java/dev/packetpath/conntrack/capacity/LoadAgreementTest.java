package dev.packetpath.conntrack.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.packetpath.core.VirtualClock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is calculated of a load is what happens when its packets are sent. */
final class LoadAgreementTest {
  private static final long SECOND = VirtualClock.NS_PER_SECOND;
  private static final double TOLERANCE = 0.01;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 30);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void calculationAgreesWithSimulation(long seed) {
    GeneratedLoad generated = GeneratedLoad.of(seed);
    double limit = generated.settings().max();
    Occupancy calculated =
        CapacityPrediction.of(generated.settings()).predict(generated.load(), 45 * SECOND, SECOND);
    Occupancy simulated =
        LoadSimulation.run(generated.settings(), generated.load(), 45 * SECOND, SECOND, seed);
    for (int i = 0; i < simulated.samples().size(); i++) {
      OccupancySample sample = simulated.samples().get(i);
      List<OccupancySample> around =
          calculated
              .samples()
              .subList(Math.max(0, i - 1), Math.min(i + 2, calculated.samples().size()));
      Set<EntryState> states = new TreeSet<>(sample.entries().keySet());
      states.addAll(calculated.samples().get(i).entries().keySet());
      for (EntryState state : states) {
        assertThat(sample.in(state))
            .as("seed %s, %s at %s s", seed, state, i + 1)
            .isBetween(
                lowest(around, state) - TOLERANCE * limit,
                highest(around, state) + TOLERANCE * limit);
      }
      double lost = calculated.samples().get(i).packetsLost();
      assertThat(Math.abs(sample.packetsLost() - lost))
          .as("seed %s, lost at %s s: %s and %s", seed, i + 1, sample.packetsLost(), lost)
          .isLessThanOrEqualTo(Math.max(10, TOLERANCE * sample.packetsSent()));
    }
  }

  /** The collector's pass may come a moment earlier or later, and takes 5% of the entries. */
  private static double lowest(List<OccupancySample> samples, EntryState state) {
    return samples.stream().mapToDouble(sample -> sample.in(state)).min().orElseThrow();
  }

  private static double highest(List<OccupancySample> samples, EntryState state) {
    return samples.stream().mapToDouble(sample -> sample.in(state)).max().orElseThrow();
  }
}
