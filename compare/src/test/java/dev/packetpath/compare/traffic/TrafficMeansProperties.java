package dev.packetpath.compare.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.statistics.Statistics;

/**
 * Means that are computed against means that are simulated. A simulated mean is one of a sample,
 * and once in a while far off, so that what is drawn is the same in each run.
 */
class TrafficMeansProperties {
  private static final double MS = 1e6;
  private static final long PERIOD_NS = 3_000_000_000L;
  private static final int PERIODS = 20;

  @Property(tries = 25, seed = "25")
  void openPoissonArrivalsAgreeWithTheSimulationWithinItsInterval(
      @ForAll @DoubleRange(min = 0.05, max = 0.8) double load,
      @ForAll @DoubleRange(min = 0, max = 3) double variation,
      @ForAll @DoubleRange(min = 0, max = 0.5) double walkShare,
      @ForAll @DoubleRange(min = 0, max = 0.15) double syncLoad,
      @ForAll @IntRange(min = 1, max = 20) int chunkMs,
      @ForAll @IntRange(min = 1, max = 4) int requestsPerConnection,
      @ForAll @IntRange(min = 1, max = 3) int setUpCores,
      @ForAll @DoubleRange(min = 0, max = 0.5) double clientWorkMs,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    double serviceNs = 0.6 * MS;
    double perSecond = load / serviceNs * 1e9 * requestsPerConnection * setUpCores;
    // Bursts of syncs have to end before the next one.
    Assume.that(load + 3 * syncLoad < 1);
    long periodNs = 3_000_000_000L;
    double walk = walkShare * serviceNs;
    TrafficScenario scenario =
        TrafficScenario.builder()
            .arrivals(new Arrivals.Poisson(perSecond))
            .requestsPerConnection(requestsPerConnection)
            .answer(Distribution.exponential(0.5 * MS))
            .setUp(Distribution.varying(serviceNs - walk, variation))
            .ruleWalk(Distribution.uniform(0, 2 * walk))
            .networkDelayNs(50_000)
            .clientWork(Distribution.exponential(clientWorkMs * MS / requestsPerConnection))
            .cores(setUpCores + 1, setUpCores)
            .sync(new Sync(periodNs, (long) (syncLoad * periodNs), chunkMs * 1_000_000L))
            .periods(1, 30)
            .seed(seed)
            .build();
    TrafficResult simulated = TrafficSimulation.run(scenario);
    TrafficMeans means = TrafficMeans.of(scenario);
    assertThat(means.exact()).isTrue();
    assertThat(means.stable()).isTrue();
    // An interval at 99% may miss by a little; one in six would be too many.
    assertThat(means.responseNs())
        .isCloseTo(simulated.response().mean(), within(2 * simulated.response().halfWidth()));
    assertThat(means.setUpNs())
        .isCloseTo(simulated.setUp().mean(), within(2 * simulated.setUp().halfWidth()));
    Statistics.label("in the interval")
        .collect(simulated.response().contains(means.responseNs()))
        .coverage(coverage -> coverage.check(true).percentage(share -> share > 83));
    assertThat(simulated.setUp().halfWidth()).isLessThan(0.5 * means.setUpNs());
    assertThat(simulated.cores().setUp())
        .isCloseTo(means.cores().setUp(), within(0.04 * setUpCores));
    assertThat(simulated.cores().sync()).isCloseTo(means.cores().sync(), within(0.005));
  }

  @Property(tries = 12, seed = "12")
  void closedArrivalsWithExponentialServiceAgreeWithTheSimulation(
      @ForAll @IntRange(min = 1, max = 60) int clients,
      @ForAll @DoubleRange(min = 0, max = 50) double thinkMs,
      @ForAll @IntRange(min = 1, max = 5) int requestsPerConnection,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    TrafficScenario scenario =
        TrafficScenario.builder()
            .arrivals(new Arrivals.Closed(clients, Distribution.exponential(thinkMs * MS)))
            .requestsPerConnection(requestsPerConnection)
            .answer(Distribution.exponential(2 * MS))
            .setUp(Distribution.exponential(1 * MS))
            .sync(new Sync(PERIOD_NS, 0, 1))
            .periods(1, PERIODS)
            .seed(seed)
            .build();
    TrafficResult simulated = TrafficSimulation.run(scenario);
    TrafficMeans means = TrafficMeans.of(scenario);
    // Few clients who think for long make some 1,000 connections, whose number varies by 3 percent.
    double connections =
        simulated.requestsPerSecond() / requestsPerConnection * PERIODS * PERIOD_NS / 1e9;
    double spread = 1 / Math.sqrt(connections);
    assertThat(means.responseNs() / simulated.response().mean())
        .isCloseTo(1, within(Math.max(0.05, 5 * spread)));
    assertThat(means.requestsPerSecond() / simulated.requestsPerSecond())
        .isCloseTo(1, within(Math.max(0.04, 5 * spread)));
  }

  @Property(tries = 12, seed = "12")
  void pacedArrivalsAreNear(
      @ForAll @DoubleRange(min = 0.2, max = 0.85) double load,
      @ForAll @DoubleRange(min = 0.1, max = 1) double variation,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    TrafficScenario scenario =
        TrafficScenario.builder()
            .arrivals(new Arrivals.Paced(1_000))
            .setUp(Distribution.varying(load * MS, variation))
            .seed(seed)
            .build();
    assertThat(TrafficMeans.of(scenario).setUpNs())
        .isCloseTo(
            TrafficSimulation.run(scenario).setUp().mean(),
            within(0.12 * TrafficMeans.of(scenario).setUpNs()));
  }
}
