package dev.packetpath.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.packetpath.compare.advice.Advisor;
import dev.packetpath.compare.work.ClientCluster;
import dev.packetpath.compare.work.ClusterWorkload;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profile;
import dev.packetpath.node.cost.Profiles;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

final class ExperimentTest {
  private static final Profile ARTICLE = Profiles.shipped("article-2019");

  private static Configuration configuration(ProxyMode mode, int services, int keepalive) {
    return new Configuration(mode, new KubeVersion(20), false, services, 10, keepalive, 1_000);
  }

  private static Experiment.Builder some() {
    return Experiment.builder(ARTICLE)
        .periods(3)
        .add(configuration(ProxyMode.IPTABLES, 1_000, 1))
        .add(configuration(ProxyMode.IPVS, 10_000, 1))
        .add(configuration(ProxyMode.IPVS, 10_000, 100));
  }

  @Test
  void oneSeedGivesOneResultOnAnyNumberOfThreads() {
    ExperimentResult one = some().seed(5).build().run();
    assertThat(some().seed(5).threads(3).build().run()).isEqualTo(one);
    assertThat(some().seed(6).build().run()).isNotEqualTo(one);
    assertThat(one.profile()).isEqualTo("article-2019");
    assertThat(one.rows())
        .extracting(Row::configuration)
        .containsExactly(
            configuration(ProxyMode.IPTABLES, 1_000, 1),
            configuration(ProxyMode.IPVS, 10_000, 1),
            configuration(ProxyMode.IPVS, 10_000, 100));
  }

  @Test
  void meansThatAreComputedAreThoseThatAreSimulated() {
    List<Row> simulated = some().periods(6).build().run().rows();
    List<Row> computed = some().analytic().build().run().rows();
    for (int i = 0; i < simulated.size(); i++) {
      assertThat(computed.get(i).responseTime().mean())
          .isCloseTo(simulated.get(i).responseTime().mean(), withPercentage(5));
      assertThat(computed.get(i).responseTime().p99()).isNaN();
      assertThat(computed.get(i).cpu()).isEqualTo(simulated.get(i).cpu());
    }
  }

  @Test
  void theCpuTimeIsSplitByKind() {
    Row iptables =
        Experiment.builder(ARTICLE)
            .analytic()
            .add(configuration(ProxyMode.IPTABLES, 10_000, 1))
            .build()
            .run()
            .rows()
            .get(0);
    CpuCores cpu = iptables.cpu();
    assertThat(cpu.rules()).isBetween(0.2, 0.4);
    assertThat(cpu.conntrack()).isBetween(0.001, 0.005);
    assertThat(cpu.nat()).isBetween(0.0005, 0.005);
    assertThat(cpu.ipvs()).isZero();
    assertThat(cpu.sync()).isBetween(0.05, 0.12);
    assertThat(cpu.total())
        .isEqualTo(
            cpu.rules() + cpu.conntrack() + cpu.nat() + cpu.ipvs() + cpu.sync() + cpu.base());
    assertThat(iptables.rulesPerNewConnection().serviceChainMax()).isEqualTo(20_000);
    assertThat(iptables.rulesPerEstablishedPacket()).isEqualTo(4);
  }

  @Test
  void whatTheCoresCannotDoTakesForEver() {
    Configuration tooMuch =
        new Configuration(ProxyMode.IPTABLES, new KubeVersion(20), false, 10_000, 10, 1, 5_000);
    assertThat(Experiment.builder(ARTICLE).add(tooMuch).build().run().rows().get(0).responseTime())
        .isEqualTo(ResponseTime.ENDLESS);
  }

  @Test
  void progressIsToldForEachConfiguration() {
    ConcurrentLinkedQueue<Integer> told = new ConcurrentLinkedQueue<>();
    some().analytic().threads(2).progress(told::add).build().run();
    assertThat(told).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void errorsComeOutOfTheThreads() {
    Experiment.Builder builder =
        Experiment.builder(ARTICLE)
            .add(
                new Configuration(
                    ProxyMode.USERSPACE, new KubeVersion(20), true, 10, 10, 1, 1_000));
    assertThatThrownBy(() -> builder.build().run())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("with Calico");
    assertThatThrownBy(() -> builder.periods(1)).hasMessageContaining("at least 2");
    assertThatThrownBy(() -> builder.threads(0)).hasMessageContaining("at least 1");
  }

  /** What README.md shows. */
  @Test
  void aFewLinesSayWhichMode() {
    ExperimentResult result =
        Experiment.builder(Profiles.shipped("linux-6.18"))
            .add(
                new Configuration(
                    ProxyMode.IPTABLES, KubeVersion.CURRENT, false, 2_000, 10, 1, 5_000))
            .add(
                new Configuration(
                    ProxyMode.NFTABLES, KubeVersion.CURRENT, false, 2_000, 10, 1, 5_000))
            .analytic()
            .build()
            .run();
    assertThat(Advisor.of(result).sentence()).contains("2,000 Services");
  }

  @Test
  void aLaboratoryMayHaveClustersOfItsOwn() {
    ClusterWorkload own = new ClusterWorkload(ClientCluster.of(3, 2), ClientCluster.NODE);
    Configuration three = own.configuration(ProxyMode.IPTABLES, new KubeVersion(20), false, 1, 100);
    Row row =
        Experiment.builder(new Laboratory(ARTICLE, own))
            .analytic()
            .add(three)
            .build()
            .run()
            .rows()
            .get(0);
    Row madeUp = Experiment.builder(ARTICLE).analytic().add(three).build().run().rows().get(0);
    assertThat(row).isEqualTo(madeUp);
  }

  /** Response times rise with the Services, as a search for break-even points wants. */
  @Test
  void responseTimesRiseWithTheServices() {
    Experiment.Builder many = Experiment.builder(ARTICLE).analytic().threads(2);
    for (int services = 1; services <= 10_000; services += 20) {
      many.add(configuration(ProxyMode.IPTABLES, services, 1));
      many.add(configuration(ProxyMode.IPVS, services, 100));
    }
    List<Row> rows = many.build().run().rows();
    assertThat(rows).hasSize(1_000);
    for (int i = 2; i < rows.size(); i++) {
      assertThat(rows.get(i).responseTime().mean())
          .isGreaterThanOrEqualTo(rows.get(i - 2).responseTime().mean());
    }
  }
}
