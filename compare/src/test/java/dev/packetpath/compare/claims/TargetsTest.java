package dev.packetpath.compare.claims;

import static dev.packetpath.kubernetes.proxy.ProxyMode.IPTABLES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.packetpath.compare.CalicoRules;
import dev.packetpath.compare.fit.PublishedPoint;
import dev.packetpath.compare.fit.PublishedPoint.Measure;
import dev.packetpath.compare.fit.PublishedPoints;
import dev.packetpath.compare.traffic.Arrivals;
import dev.packetpath.compare.traffic.ConnectionLimit;
import dev.packetpath.compare.traffic.Distribution;
import dev.packetpath.compare.traffic.TrafficResult;
import dev.packetpath.compare.traffic.TrafficScenario;
import dev.packetpath.compare.traffic.TrafficSimulation;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profiles;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The published targets P1 to P4 and P9, by simulation. */
final class TargetsTest {
  private static final ArticleRun RUN = ArticleRun.simulated(Profiles.shipped("article-2019"));

  private static Stream<PublishedPoint> points(Measure measure, boolean kept) {
    return PublishedPoints.article2019().stream()
        .filter(point -> point.measure() == measure && point.keepalive() > 1 == kept);
  }

  private static double ms(PublishedPoint point) {
    return RUN.ms(point.mode(), point.services(), point.keepalive());
  }

  @Test
  void p1ResponseTimesOfNewConnections() {
    assertThat(points(Measure.RESPONSE_MS, false))
        .hasSize(8)
        .allSatisfy(
            point -> assertThat(ms(point)).isCloseTo(point.value(), within(0.02 * point.value())));
  }

  @Test
  void p2ResponseTimesWithKeepaliveAreFlat() {
    assertThat(points(Measure.RESPONSE_MS, true))
        .hasSize(8)
        .allSatisfy(point -> assertThat(ms(point)).isCloseTo(0.543, within(0.02 * 0.543)));
    for (ProxyMode mode : ArticleRun.MODES) {
      double slope = RUN.ms(mode, 10_000, ArticleRun.KEPT) - RUN.ms(mode, 10, ArticleRun.KEPT);
      assertThat(slope).as("%s", mode).isCloseTo(0, within(0.01));
    }
  }

  @Test
  void p3Cpu() {
    assertThat(points(Measure.CPU_CORES, false))
        .hasSize(8)
        .allSatisfy(
            point ->
                assertThat(RUN.cores(point.mode(), point.services(), 1))
                    .isCloseTo(point.value(), within(0.006)));
  }

  @Test
  void p4TwoRulesAServiceAndCalicosConstant() {
    for (int services : ArticleRun.SIZES) {
      assertThat(RUN.row(IPTABLES, services, 1).rulesPerNewConnection().serviceChainMax())
          .isEqualTo(2L * services);
    }
    double few = CalicoRules.of(10, 10).mean();
    assertThat(few).isBetween(20.0, 60.0);
    assertThat(CalicoRules.of(300, 10).mean()).isCloseTo(few, withinPercentage(5));
  }

  @Test
  void p9ATableOf131072ConnectionsTakes1092InASecond() {
    TrafficResult result =
        TrafficSimulation.run(
            TrafficScenario.builder()
                .arrivals(new Arrivals.Poisson(1_300))
                .setUp(Distribution.constant(20_000))
                .answer(Distribution.exponential(500_000))
                .limit(new ConnectionLimit(131_072, 120_000_000_000L, 0))
                .periods(8, 8)
                .build());
    assertThat(result.connectionsPerSecond()).isCloseTo(1_092, within(1.0));
    assertThat(result.lostSyns()).isPositive();
  }
}
