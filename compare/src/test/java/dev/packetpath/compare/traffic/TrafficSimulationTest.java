package dev.packetpath.compare.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TrafficSimulationTest {
  private static final double MS = 1e6;

  private static TrafficScenario.Builder hotCore() {
    return TrafficScenario.builder()
        .arrivals(new Arrivals.Poisson(1_000))
        .answer(Distribution.exponential(0.5 * MS))
        .setUp(Distribution.varying(0.5 * MS, 0.2));
  }

  @Test
  void oneSeedGivesOneResultAndAnotherGivesAnother() {
    TrafficScenario.Builder scenario = hotCore().periods(0, 2);
    TrafficResult first = TrafficSimulation.run(scenario.seed(7).build());
    assertThat(TrafficSimulation.run(scenario.build())).isEqualTo(first);
    assertThat(TrafficSimulation.run(scenario.seed(8).build())).isNotEqualTo(first);
  }

  @Test
  void pacedRequestsWithConstantServiceNeverWait() {
    TrafficResult result =
        TrafficSimulation.run(
            TrafficScenario.builder()
                .arrivals(new Arrivals.Paced(1_000))
                .setUp(Distribution.constant(0.9 * MS))
                .answer(Distribution.constant(1 * MS))
                .networkDelayNs(100_000)
                .build());
    assertThat(result.response().mean()).isEqualTo(2 * MS);
    assertThat(result.p99Ns() / MS).isCloseTo(2, within(0.002));
    assertThat(result.requestsPerSecond()).isCloseTo(1_000, within(0.01));
    assertThat(result.cores().setUp()).isCloseTo(0.9, within(1e-5));
  }

  @Test
  void aChunkOfASyncHoldsSetUpsUpAndNothingElse() {
    TrafficScenario.Builder scenario =
        hotCore().sync(new Sync(1_000_000_000L, 100_000_000L, 10_000_000L)).periods(1, 200);
    TrafficResult each = TrafficSimulation.run(scenario.build());
    TrafficResult keptOpen = TrafficSimulation.run(scenario.requestsPerConnection(100).build());
    // 10% of the time a chunk is at work, of which 5 ms are left; the queue then has to drain.
    double queueing = (0.25 * 1.2 / 2 + 0.1 * 5) / (1 - 0.5);
    assertThat(each.setUp().mean() / MS).isCloseTo(0.5 + queueing, within(0.06));
    assertThat(each.cores().sync()).isCloseTo(0.1, within(1e-9));
    assertThat(keptOpen.response().mean() / MS).isCloseTo(0.5 + 0.011, within(0.003));
  }

  @Test
  void aSyncInOneChunkIsWorseThanInMany() {
    TrafficScenario.Builder scenario = hotCore().periods(1, 10);
    double whole =
        setUpMs(scenario.sync(new Sync(30_000_000_000L, 2_000_000_000L, 2_000_000_000L)));
    double tenth = setUpMs(scenario.sync(new Sync(30_000_000_000L, 2_000_000_000L, 200_000_000L)));
    double small = setUpMs(scenario.sync(new Sync(30_000_000_000L, 2_000_000_000L, 1_000_000L)));
    assertThat(whole).isGreaterThan(5 * tenth);
    assertThat(tenth).isGreaterThan(5 * small);
  }

  private static double setUpMs(TrafficScenario.Builder scenario) {
    return TrafficSimulation.run(scenario.build()).setUp().mean() / MS;
  }

  @Test
  void clientsWorkCostsCoresButDelaysNoSetUp() {
    TrafficResult idle = TrafficSimulation.run(hotCore().build());
    TrafficResult busy =
        TrafficSimulation.run(
            hotCore().clientWork(Distribution.exponential(0.4 * MS)).cores(1, 1).build());
    assertThat(busy.setUp().mean()).isCloseTo(idle.setUp().mean(), within(0.05 * MS));
    assertThat(busy.cores().client()).isCloseTo(0.4, within(0.01));
    assertThat(busy.cores().total()).isCloseTo(idle.cores().total() + 0.4, within(0.01));
  }

  @Test
  void moreCoresShareTheSetUps() {
    TrafficResult result =
        TrafficSimulation.run(
            hotCore().arrivals(new Arrivals.Poisson(4_000)).cores(4, 4).periods(1, 20).build());
    double wait = 0.25 * 1.2 / 2 / 0.5;
    assertThat(result.setUp().mean() / MS).isCloseTo(0.5 + wait, within(0.03));
    assertThat(result.cores().setUp()).isCloseTo(2, within(0.02));
  }

  @Test
  void closedClientsAreBoundByTheCore() {
    TrafficResult result =
        TrafficSimulation.run(
            TrafficScenario.builder()
                .arrivals(new Arrivals.Closed(100, Distribution.exponential(10 * MS)))
                .setUp(Distribution.exponential(1 * MS))
                .answer(Distribution.constant(5 * MS))
                .build());
    assertThat(result.requestsPerSecond()).isCloseTo(1_000, within(10.0));
    // A hundred clients, a core that is always busy: 100 x 1 ms is the whole cycle.
    assertThat(result.response().mean() / MS).isCloseTo(100 - 10, within(1.5));
  }

  @Test
  void aClosedConnectionCarriesSoManyRequests() {
    TrafficResult result =
        TrafficSimulation.run(
            TrafficScenario.builder()
                .arrivals(new Arrivals.Closed(50, Distribution.exponential(20 * MS)))
                .requestsPerConnection(10)
                .setUp(Distribution.exponential(0.1 * MS))
                .answer(Distribution.exponential(5 * MS))
                .clientWork(Distribution.constant(0.1 * MS))
                .cores(2, 1)
                .build());
    assertThat((double) result.requests() / result.connections()).isCloseTo(10, within(0.01));
    assertThat(result.cores().client() / result.requestsPerSecond())
        .isCloseTo(0.1 * MS / 1e9, within(1e-6));
  }

  @Test
  void theTableOfConnectionsTakes1092NewOnesInASecond() {
    TrafficScenario.Builder scenario =
        TrafficScenario.builder()
            .setUp(Distribution.constant(20_000))
            .answer(Distribution.exponential(0.5 * MS))
            .limit(new ConnectionLimit(131_072, 120_000_000_000L, 1))
            .periods(8, 8);
    TrafficResult below =
        TrafficSimulation.run(scenario.arrivals(new Arrivals.Paced(1_091)).build());
    TrafficResult above =
        TrafficSimulation.run(scenario.arrivals(new Arrivals.Paced(1_500)).build());
    assertThat(below.lostSyns()).isZero();
    assertThat(below.failedConnections()).isZero();
    assertThat(above.lostSyns()).isPositive();
    assertThat(above.failedConnections()).isPositive();
    assertThat(above.connectionsPerSecond()).isCloseTo(131_072 / 120.0, within(1.0));
  }

  @Test
  void aLostSynComesAgainAfterASecondThenTwo() {
    TrafficResult result =
        TrafficSimulation.run(
            TrafficScenario.builder()
                .arrivals(new Arrivals.Closed(2, Distribution.constant(0)))
                .answer(Distribution.constant(100 * MS))
                .setUp(Distribution.constant(1))
                .limit(new ConnectionLimit(1, 0, 6))
                .sync(new Sync(1_000_000_000_000L, 0, 1))
                .build());
    assertThat(result.lostSyns()).isPositive();
    assertThat(result.p50Ns() / MS).isCloseTo(100, within(0.1));
    assertThat(result.requests()).isGreaterThan(90_000);
  }
}
