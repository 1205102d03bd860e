package dev.packetpath.compare.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ascii;
import dev.packetpath.compare.lab.FirstPacketLab.RoundTrip;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profiles;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** P6 and P7: the first packet's time against the points that kube-proxy's authors published. */
final class FirstPacketLabTest {
  private static final FirstPacketLab LAB = FirstPacketLab.published();
  private static final Map<ProxyMode, Map<Integer, RoundTrip>> TIMES =
      new EnumMap<>(ProxyMode.class);

  private static RoundTrip time(ProxyMode mode, int services) {
    return TIMES
        .computeIfAbsent(mode, any -> new TreeMap<>())
        .computeIfAbsent(services, any -> LAB.roundTrip(mode, services));
  }

  private static double of(RoundTrip time, String percentile) {
    return switch (percentile) {
      case "p50" -> time.p50();
      case "p90" -> time.p90();
      default -> time.p99();
    };
  }

  /** The destinations of iptables' published medians were not uniform; p01 is not simulated. */
  private static boolean isHeld(Map<String, String> point) {
    boolean median = point.get("percentile").equals("p50");
    return !point.get("percentile").equals("p01")
        && !(median && point.get("mode").equals("iptables"));
  }

  @TestFactory
  Stream<DynamicTest> aFirstPacketTakesThePublishedTime() {
    return PublishedRows.of("kubeproxy_first_packet_rtt_us_public.csv").stream()
        .filter(FirstPacketLabTest::isHeld)
        .map(
            point ->
                DynamicTest.dynamicTest(
                    point.get("mode") + " " + point.get("services") + " " + point.get("percentile"),
                    () -> check(point)));
  }

  private static void check(Map<String, String> point) {
    ProxyMode mode = ProxyMode.valueOf(Ascii.toUpperCase(point.get("mode")));
    RoundTrip found = time(mode, Integer.parseInt(point.get("services")));
    assertThat(of(found, point.get("percentile")))
        .isCloseTo(
            Double.parseDouble(point.get("us")),
            Percentage.withPercentage(mode == ProxyMode.IPTABLES ? 25 : 30));
  }

  @Test
  void theTimeOfNftablesIsFlat() {
    for (String percentile : new String[] {"p50", "p90", "p99"}) {
      assertThat(of(time(ProxyMode.NFTABLES, 10_000), percentile))
          .isCloseTo(
              of(time(ProxyMode.NFTABLES, 5_000), percentile), Percentage.withPercentage(10));
    }
  }

  @Test
  void aRuleTakes15To25Nanoseconds() {
    assertThat(Profiles.shipped("first-packet-2025").costs().rules().ns(1e6)).isBetween(15.0, 25.0);
  }

  @Test
  void threeFiguresAreFitted() {
    assertThat(Profiles.shipped("first-packet-2025").fitted())
        .containsExactlyInAnyOrder("setUpTime", "setUpVariability", "rules");
  }
}
