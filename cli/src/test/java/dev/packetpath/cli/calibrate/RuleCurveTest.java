package dev.packetpath.cli.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.packetpath.core.cost.Provenance;
import dev.packetpath.core.cost.RuleCost;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RuleCurveTest {
  @Test
  void connectionsToUniformServicesTakeWhatTheyTook() {
    RuleCurve curve = new RuleCurve(3, 100);
    curve.add(1_000_000, 5);
    curve.add(10_000_000, 8);
    RuleCost cost = curve.cost(Provenance.MEASURED, "here");
    assertThat(cost.inCacheNs()).isEqualTo(3);
    assertThat(cost.uniformNs(48_800)).isEqualTo(3);
    assertThat(cost.uniformNs(1_000_000)).isEqualTo(5, offset(0.01));
    assertThat(cost.uniformNs(10_000_000)).isEqualTo(8, offset(0.01));
    assertThat(cost.levels()).hasSize(3);
  }

  @Test
  void longerListsAreNotCheaper() {
    RuleCurve curve = new RuleCurve(4, 100);
    curve.add(1_000_000, 3);
    assertThat(curve.cost(Provenance.MEASURED, "noise").uniformNs(1_000_000))
        .isEqualTo(4, offset(1e-9));
  }

  @Test
  void theSlopeIsThatOfTheNearestLine() {
    assertThat(RuleCurve.slope(List.of(1.0, 2.0, 3.0), List.of(10.0, 12.0, 14.0))).isEqualTo(2);
  }
}
