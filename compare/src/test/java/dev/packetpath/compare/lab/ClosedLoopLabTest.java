package dev.packetpath.compare.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ascii;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profiles;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** P8: ab's mean times against those that UCloud published. */
final class ClosedLoopLabTest {
  private static final ClosedLoopLab LAB = ClosedLoopLab.published();

  @TestFactory
  Stream<DynamicTest> aRequestTakesThePublishedTime() {
    return PublishedRows.of("ucloud_ab_public.csv").stream()
        .filter(point -> point.get("phase").equals("total") && point.get("stat").equals("mean"))
        .map(
            point ->
                DynamicTest.dynamicTest(
                    point.get("mode") + " " + point.get("services"), () -> check(point)));
  }

  private static void check(Map<String, String> point) {
    ProxyMode mode = ProxyMode.valueOf(Ascii.toUpperCase(point.get("mode")));
    double found = LAB.totalMs(mode, Integer.parseInt(point.get("services")));
    assertThat(found).isCloseTo(Double.parseDouble(point.get("ms")), Percentage.withPercentage(5));
  }

  @Test
  void ipvsGetsBetterBetween500And1000Services() {
    assertThat(LAB.totalMs(ProxyMode.IPTABLES, 500)).isLessThan(LAB.totalMs(ProxyMode.IPVS, 500));
    assertThat(LAB.totalMs(ProxyMode.IPTABLES, 1_000))
        .isGreaterThan(LAB.totalMs(ProxyMode.IPVS, 1_000));
  }

  @Test
  void threeFiguresAreFitted() {
    assertThat(Profiles.shipped("ucloud-2019").fitted())
        .containsExactlyInAnyOrder("setUpTime", "rules", "costs.ipvsConnectionCreate");
  }
}
