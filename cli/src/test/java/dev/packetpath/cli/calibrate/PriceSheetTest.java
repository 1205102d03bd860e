package dev.packetpath.cli.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.core.cost.Provenance;
import dev.packetpath.node.cost.Profiles;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PriceSheetTest {
  private final PriceSheet sheet = new PriceSheet(new BaseFigures(Profiles.shipped("linux-6.18")));

  @Test
  void whatIsKnownIsTakenOffFirst() {
    sheet.price(Set.of("ruleEvaluated"), 400, Map.of("ruleEvaluated", 100), "rules");
    sheet.price(
        Set.of("matchCall"), 2_000, Map.of("ruleEvaluated", 100, "matchCall", 100), "matches");
    assertThat(sheet.ns("matchCall")).isEqualTo(16);
    assertThat(sheet.prices().get("matchCall"))
        .satisfies(
            cost -> {
              assertThat(cost.provenance()).isEqualTo(Provenance.MEASURED);
              assertThat(cost.source()).isEqualTo("matches");
            });
  }

  @Test
  void whatIsNotToldApartIsShared() {
    sheet.price(Set.of("a", "b"), 90, Map.of("a", 1, "b", 2), "both");
    assertThat(sheet.ns("a")).isEqualTo(30);
    assertThat(sheet.ns("b")).isEqualTo(30);
    assertThat(sheet.prices().get("a").provenance()).isEqualTo(Provenance.DERIVED);
    assertThat(sheet.prices().get("a").source()).isEqualTo("both, shared with b");
  }

  @Test
  void whatNoiseHidesIsTheOtherProfiles() {
    OperationCost other = Profiles.shipped("linux-6.18").costs().operations().get("matchCall");
    for (double ns : new double[] {-5, 0}) {
      sheet.price(Set.of("matchCall"), ns, Map.of("matchCall", 1), "noise");
      assertThat(sheet.prices().get("matchCall"))
          .isEqualTo(
              new OperationCost(
                  "matchCall",
                  other.ns(),
                  Provenance.ASSUMED,
                  "less than the noise here; linux-6.18: " + other.source()));
    }
  }

  @Test
  void rulesThatNoiseHidesCostWhatTheyDoInAShortChain() {
    sheet.price(Set.of("ruleEvaluated"), -1, Map.of("ruleEvaluated", 100), "noise");
    assertThat(sheet.ns("ruleEvaluated"))
        .isEqualTo(Profiles.shipped("linux-6.18").costs().rules().inCacheNs());
  }

  @Test
  void whatMeasuresAPriceMustDoIt() {
    assertThatThrownBy(() -> sheet.price(Set.of("a"), 5, Map.of(), "nothing"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("[a]: not done");
    assertThatThrownBy(() -> sheet.price(Set.of("a"), 5, Map.of("a", 1, "b", 1), "too much"))
        .hasMessage("b has no price yet");
  }

  @Test
  void connectionsScaleWhatIsTheirs() {
    sheet.price(Set.of("hook"), 10, Map.of("hook", 1), "hooks");
    sheet.price(Set.of("lookup", "update"), 100, Map.of("lookup", 1, "update", 1), "entries");
    sheet.scale(Set.of("lookup", "update"), 320, Map.of("hook", 2, "lookup", 3, "update", 1));
    assertThat(sheet.ns("hook")).isEqualTo(10);
    assertThat(sheet.ns("lookup")).isEqualTo(75);
    assertThat(sheet.prices().get("update").source())
        .isEqualTo("entries, shared with lookup; times 1.50, as in connections");
  }

  @Test
  void whatConnectionsDoNotShowScalesNothing() {
    sheet.price(Set.of("hook"), 10, Map.of("hook", 1), "hooks");
    sheet.scale(Set.of("hook"), -20, Map.of("hook", 2));
    assertThat(sheet.ns("hook")).isEqualTo(10);
  }
}
