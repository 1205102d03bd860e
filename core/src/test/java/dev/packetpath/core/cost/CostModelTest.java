package dev.packetpath.core.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class CostModelTest {
  private static final CostModel MODEL =
      new CostModel(
          new RuleCost(
              4, ImmutableList.of(new RuleCost.Level(1_000, 10)), Provenance.MEASURED, "here"),
          ImmutableSortedMap.copyOf(
              Map.of(
                  "matchCall", cost("matchCall", 16),
                  "conntrackLookup", cost("conntrackLookup", 100),
                  "natSetUp", cost("natSetUp", 200),
                  "ipvsSchedule", cost("ipvsSchedule", 300),
                  "routeLookup", cost("routeLookup", 1_000))));

  private static OperationCost cost(String operation, double ns) {
    return new OperationCost(operation, ns, Provenance.MEASURED, "here");
  }

  @Test
  void eachOperationGoesToItsKind() {
    Map<String, Long> work =
        Map.of(
            "ruleEvaluated", 10L,
            "matchCall", 1L,
            "conntrackLookup", 2L,
            "natSetUp", 1L,
            "ipvsSchedule", 1L,
            "routeLookup", 2L);
    assertThat(MODEL.cost(work, 999)).isEqualTo(new Cost(56, 200, 200, 300, 2_000));
    assertThat(MODEL.cost(work, 1_000)).isEqualTo(new Cost(116, 200, 200, 300, 2_000));
    assertThat(MODEL.cost(work, 1_000).totalNs()).isEqualTo(2_816);
    assertThat(MODEL.costAt(work, 0).ns(CostKind.RULES)).isEqualTo(16);
  }

  @Test
  void meansMayHaveFractionsAndCostsAddUp() {
    Cost half = MODEL.cost(Map.of("conntrackLookup", 0.5), 0);
    assertThat(half).isEqualTo(new Cost(0, 50, 0, 0, 0));
    assertThat(half.plus(half).times(3)).isEqualTo(new Cost(0, 300, 0, 0, 0));
    assertThat(MODEL.cost(Map.of(), 0)).isEqualTo(Cost.NONE);
  }

  @Test
  void whatHasNoPriceIsAnError() {
    assertThatThrownBy(() -> MODEL.cost(Map.of("setProbe", 1L, "hookCall", 2L), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no cost is known of hookCall, setProbe");
  }

  @Test
  void everyKindIsFoundByName() {
    assertThat(CostKind.of("nftMapLookup")).isEqualTo(CostKind.RULES);
    assertThat(CostKind.of("setLookup")).isEqualTo(CostKind.RULES);
    assertThat(CostKind.of("hookCall")).isEqualTo(CostKind.OTHER);
    Cost cost = new Cost(1, 2, 3, 4, 5);
    assertThat(CostKind.values()).extracting(cost::ns).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0);
  }

  @Test
  void rulesMayBePricedAnew() {
    RuleCost other = RuleCost.constant(1, Provenance.FITTED, "there");
    assertThat(MODEL.withRules(other).cost(Map.of("ruleEvaluated", 3L), 5_000).rulesNs())
        .isEqualTo(3);
  }

  @Test
  void costsAreNotNegative() {
    assertThatThrownBy(() -> cost("x", -1)).hasMessage("x: -1.0 ns, expected 0 or more");
    assertThatThrownBy(() -> Cost.NONE.times(-1)).hasMessageContaining("0 or more");
  }
}
