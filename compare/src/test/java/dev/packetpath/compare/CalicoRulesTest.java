package dev.packetpath.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CalicoRulesTest {
  /** Claim C24 of the article: a few tens of rules, at any number of Services. */
  @Test
  void calicosRulesDoNotGrowWithServices() {
    CalicoRules few = CalicoRules.of(10, 10);
    CalicoRules many = CalicoRules.of(1000, 10);
    assertThat(few.mean()).isBetween(20.0, 60.0);
    assertThat(many.mean()).isBetween(20.0, 60.0);
    assertThat(many.max()).isLessThan(few.max() + 10);
    assertThat(many.max()).isGreaterThanOrEqualTo((long) many.mean());
  }
}
