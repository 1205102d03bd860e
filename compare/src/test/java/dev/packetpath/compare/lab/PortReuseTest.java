package dev.packetpath.compare.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.packetpath.ipvs.ReuseRule;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** P11: what was published with kubernetes pull request 71114. */
final class PortReuseTest {
  private static final double SHARE = 0.1;
  private static final long SECOND_NS = 1_000_000_000L;

  @Test
  void theRateAndTheConnectTimesAreThePublishedOnes() {
    PortReuseResult result = ReuseLab.published().run(SHARE, 1);
    assertThat(result.requestsPerSecond() / SHARE).isCloseTo(408.13, Percentage.withPercentage(2));
    assertThat(result.connect().mean()).isCloseTo(722, Percentage.withPercentage(3));
    assertThat(result.connect().deviation()).isCloseTo(457.9, Percentage.withPercentage(3));
    assertThat(result.connect().median()).isCloseTo(999, within(2.0));
  }

  @Test
  void aConnectionOnAReusedPortPaysOneSecondAndOneSynIsLostForEach() {
    // Ten ports, ten clients: whoever comes again finds its own connection in TIME_WAIT.
    ClosedLoad load = new ClosedLoad(10, 4 * SECOND_NS, 10, SECOND_NS / 2);
    PortReuseResult result = PortReuse.run(load, 1, ReuseRule.TRACKED);
    // 0.5 s for the first answer, then 1.5 s for each.
    assertThat(result.requests()).isEqualTo(30);
    assertThat(result.droppedSyns()).isEqualTo(30);
    assertThat(result.connect().max()).isCloseTo(1000, within(1.0));
  }

  @Test
  void noSynIsLostWithMode0NorSinceLinux59() {
    ClosedLoad load = new ClosedLoad(10, 4 * SECOND_NS, 10, SECOND_NS / 2);
    assertThat(PortReuse.run(load, 0, ReuseRule.TRACKED).droppedSyns()).isZero();
    assertThat(PortReuse.run(load, 1, ReuseRule.CONFIRMED).droppedSyns()).isZero();
  }

  @Test
  void allPortsOfTheRangeWouldHaveGivenAnotherRate() {
    ClosedLoad half = ReuseLab.published().load();
    ClosedLoad all =
        new ClosedLoad(half.clients(), half.durationNs(), 28_232, half.answerNs()).share(SHARE);
    double perSecond = PortReuse.run(all, 1, ReuseRule.TRACKED).requestsPerSecond() / SHARE;
    assertThat(perSecond).isGreaterThan(1.2 * 408.13);
  }
}
