package dev.packetpath.compare.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** P10 and the loop of iptables -A (anchors_public.csv). */
final class ProgrammingTimeTest {
  private static final double NS_PER_S = 1e9;

  @ParameterizedTest
  @CsvSource({"10000, 0.419", "50000, 4.285"})
  void aRestoreTakesThePublishedTime(long rules, double seconds) {
    assertThat(RestoreLab.published().restoreNs(rules) / NS_PER_S)
        .isCloseTo(seconds, Percentage.withPercentage(5));
  }

  @Test
  void fiveTimesTheRulesTakeLongerByAnExponentOf144() {
    RestoreLab lab = RestoreLab.published();
    double exponent = Math.log(lab.restoreNs(50_000) / lab.restoreNs(10_000)) / Math.log(5);
    assertThat(exponent).isBetween(1.40, 1.48);
  }

  @Test
  void bothFiguresOfARestoreAreFittedOnItsTwoPoints() {
    assertThat(PublishedProfiles.named("restore-2016").fitted())
        .containsExactlyInAnyOrder("ruleTime", "searchedEntryTime");
  }

  @ParameterizedTest
  @CsvSource({"100, 0.079", "1000, 0.815", "2000, 2.277"})
  void aLoopOfAppendsTakesThePublishedTime(long rules, double seconds) {
    assertThat(AppendLab.published().loopNs(rules) / NS_PER_S)
        .isCloseTo(seconds, Percentage.withPercentage(15));
  }

  @Test
  void aLoopOf3000AppendsTakesAboutAsLongAsThePublishedOneThatWasCutShort() {
    assertThat(AppendLab.published().loopNs(3_000) / NS_PER_S).isGreaterThan(0.9 * 3.975);
  }
}
