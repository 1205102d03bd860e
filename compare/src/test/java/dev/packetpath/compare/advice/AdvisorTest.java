package dev.packetpath.compare.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.CpuCores;
import dev.packetpath.compare.ExperimentResult;
import dev.packetpath.compare.ResponseTime;
import dev.packetpath.compare.Row;
import dev.packetpath.compare.RulesPerConnection;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class AdvisorTest {
  private static final KubeVersion OLD = new KubeVersion(20);

  /** The published figures; claim C21: IPVS pays beyond 1,000 Services. */
  @Test
  void ofTheArticlesFiguresIpvsPaysBeyondAThousandServices() {
    Advice advice =
        advise(
            row(ProxyMode.IPTABLES, OLD, 1, 100, 1.373, 0, 0),
            row(ProxyMode.IPTABLES, OLD, 1, 1000, 1.473, 0.01, 0.008),
            row(ProxyMode.IPTABLES, OLD, 1, 10_000, 4.299, 0.277, 0.083),
            row(ProxyMode.IPVS, OLD, 1, 100, 1.373, 0, 0),
            row(ProxyMode.IPVS, OLD, 1, 1000, 1.433, 0, 0.008),
            row(ProxyMode.IPVS, OLD, 1, 10_000, 2.046, 0, 0.083));
    assertThat(advice.breakEven())
        .allSatisfy(point -> assertThat(point.services()).isBetween(1000.0, 5000.0))
        .allSatisfy(point -> assertThat(point.cheaper().mode()).isEqualTo(ProxyMode.IPVS))
        .extracting(BreakEven::measure)
        .containsExactly(Measure.RESPONSE_TIME, Measure.CPU);
    assertThat(advice.sentence())
        .matches("Up to about 1,[0-9]00 Services iptables does as well; beyond, use ipvs\\.");
    assertThat(advice.reason())
        .isEqualTo(
            "With 10,000 Services and a new connection for each request, iptables 1.20 takes"
                + " 4.30 ms and 0.890 core, ipvs 2.05 ms and 0.613 core: iptables 1.20 looks at"
                + " 10,000 rules for a new connection in the mean, ipvs at 10,000.");
  }

  @Test
  void aBreakEvenPointIsWhereTheSavingPassesWhatMatters() {
    Advice advice =
        advise(
            row(ProxyMode.IPTABLES, OLD, 1, 1000, 1, 0, 0),
            row(ProxyMode.IPTABLES, OLD, 1, 2000, 1.2, 0, 0),
            row(ProxyMode.IPVS, OLD, 1, 1000, 1, 0, 0),
            row(ProxyMode.IPVS, OLD, 1, 2000, 1, 0, 0));
    assertThat(advice.breakEven()).hasSize(1);
    assertThat(advice.breakEven().get(0).services()).isCloseTo(1500, within(1e-6));
    assertThat(advice.breakEven().get(0).everywhere()).isFalse();
  }

  @Test
  void theLanguageOfTheMachineChangesNoNumber() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(
              advise(
                      row(ProxyMode.IPVS, OLD, 1, 2000, 1.5, 0, 0),
                      row(ProxyMode.NFTABLES, KubeVersion.CURRENT, 1, 2000, 1, 0, 0))
                  .sentence())
          .contains("With 2,000 Services");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void whatDoesNotMatterChangesNothing() {
    Advice advice =
        advise(
            row(ProxyMode.IPTABLES, OLD, 1, 100, 1.09, 0.019, 0),
            row(ProxyMode.NFTABLES, KubeVersion.CURRENT, 1, 100, 1, 0, 0));
    assertThat(advice.sentence()).isEqualTo("With 100 Services keep iptables.");
    assertThat(advice.breakEven()).isEmpty();
  }

  @Test
  void aModeThatWinsTimeAndLosesCpuIsNotAdvised() {
    Advice advice =
        advise(
            row(ProxyMode.IPTABLES, OLD, 1, 100, 2, 0, 0),
            row(ProxyMode.IPVS, OLD, 1, 100, 1, 0, 0.1));
    assertThat(advice.sentence()).isEqualTo("With 100 Services keep iptables.");
  }

  @Test
  void amongEqualsNftablesGoesBeforeIpvs() {
    Advice advice =
        advise(
            row(ProxyMode.IPVS, OLD, 1, 100, 1, 0, 0),
            row(ProxyMode.NFTABLES, KubeVersion.CURRENT, 1, 100, 1, 0, 0),
            row(ProxyMode.IPTABLES, KubeVersion.CURRENT, 1, 100, 3, 0, 0));
    assertThat(advice.sentence()).isEqualTo("With 100 Services use nftables instead of iptables.");
  }

  @Test
  void userspaceIsAdvisedToNobodyAndTodaysLayoutCounts() {
    Advice advice =
        advise(
            row(ProxyMode.USERSPACE, OLD, 1, 100, 0.1, 0, 0),
            row(ProxyMode.IPTABLES, OLD, 1, 100, 3, 0, 0),
            row(ProxyMode.IPTABLES, KubeVersion.CURRENT, 1, 100, 1, 0, 0),
            row(ProxyMode.IPVS, OLD, 1, 100, 1, 0, 0));
    assertThat(advice.sentence()).isEqualTo("With 100 Services keep iptables.");
    assertThat(advice.reason()).contains("iptables current 1.00 ms");
  }

  @Test
  void anOverloadedModeIsLeft() {
    double never = Double.POSITIVE_INFINITY;
    Advice advice =
        advise(
            row(ProxyMode.IPTABLES, OLD, 1, 100, 1, 0, 0),
            row(ProxyMode.IPTABLES, OLD, 1, 1000, never, 1, 0),
            row(ProxyMode.IPVS, OLD, 1, 100, 1, 0, 0),
            row(ProxyMode.IPVS, OLD, 1, 1000, 1, 0, 0));
    assertThat(advice.sentence()).contains("use ipvs");
    assertThat(advice.reason()).contains("iptables 1.20 takes for ever (overload)");
    assertThat(advice.breakEven().get(0).services()).isEqualTo(1000);
  }

  @Test
  void keepaliveIsToldBeside() {
    Advice advice =
        advise(
            row(ProxyMode.IPTABLES, OLD, 1, 100, 3, 0.3, 0),
            row(ProxyMode.IPTABLES, OLD, 100, 100, 0.55, 0.003, 0),
            row(ProxyMode.IPVS, OLD, 1, 100, 1, 0, 0),
            row(ProxyMode.IPVS, OLD, 100, 100, 0.54, 0, 0));
    assertThat(advice.reason())
        .contains("With 100 requests a connection the difference is 0.010 ms and 0.003 core");
  }

  @Test
  void syncsAreNamedWhereTheyDecide() {
    Advice advice =
        advise(
            row(ProxyMode.IPVS, OLD, 1, 10_000, 2, 0, 0.083),
            row(ProxyMode.NFTABLES, KubeVersion.CURRENT, 1, 10_000, 1.4, 0, 0));
    assertThat(advice.reason())
        .contains("the syncs of kube-proxy cost 0.083 core with ipvs and 0.000 with nftables");
  }

  @Test
  void nothingIsNoExperiment() {
    assertThatThrownBy(() -> advise()).hasMessage("no rows, expected at least one");
  }

  private static Advice advise(Row... rows) {
    return Advisor.of(new ExperimentResult("p", ImmutableList.copyOf(Arrays.asList(rows))));
  }

  private static Row row(
      ProxyMode mode,
      KubeVersion version,
      int keepalive,
      int services,
      double ms,
      double rulesCores,
      double syncCores) {
    return new Row(
        new Configuration(mode, version, false, services, 10, keepalive, 1000),
        new ResponseTime(ms, ms, ms, ms),
        new CpuCores(rulesCores, 0, 0, 0, syncCores, 0.53),
        new RulesPerConnection(services, 2L * services, 2L * services),
        0);
  }
}
