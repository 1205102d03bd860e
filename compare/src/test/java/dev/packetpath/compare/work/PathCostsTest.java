package dev.packetpath.compare.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.RulesPerConnection;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is learnt from small programs holds for large ones. */
final class PathCostsTest {
  private static final PathCosts COSTS = new PathCosts();

  private static Configuration configuration(
      ProxyMode mode, int minor, boolean calico, int services, int endpoints) {
    return new Configuration(mode, new KubeVersion(minor), calico, services, endpoints, 1, 1_000);
  }

  @ParameterizedTest
  @CsvSource({
    "IPTABLES, 20, false, 1, 1",
    "IPTABLES, 20, false, 9, 7",
    "IPTABLES, 20, true, 5, 6",
    "IPTABLES, 20, false, 350, 3",
    "IPTABLES, 18, false, 8, 5",
    "IPTABLES, 34, false, 9, 7",
    "IPTABLES, 34, false, 350, 3",
    "IPTABLES, 34, true, 350, 3",
    "IPVS, 20, false, 9, 7",
    "IPVS, 34, false, 600, 1",
    "IPVS, 34, true, 9, 7",
    "NFTABLES, 31, false, 9, 7",
    "NFTABLES, 34, false, 400, 3",
    "NFTABLES, 34, true, 9, 7",
    "USERSPACE, 20, false, 1, 1",
    "USERSPACE, 20, false, 50, 6"
  })
  void everyOperationIsCountedAsIfEachConnectionWereOpened(
      ProxyMode mode, int minor, boolean calico, int services, int endpoints) {
    Configuration configuration = configuration(mode, minor, calico, services, endpoints);
    PathWork learnt = COSTS.work(configuration);
    PathKind real = new PathKind(mode, new KubeVersion(minor), calico, false);
    Sample run = Sample.of(real, services, endpoints);
    WorkSum mean = new WorkSum();
    double most = 0;
    for (int service = 0; service < services; service++) {
      mean.add(run.mean(service), 1.0 / services);
      most = Math.max(most, PathWork.rules(run.worst(service)));
    }
    assertThat(learnt.opening().keySet()).isEqualTo(mean.result().keySet());
    mean.result()
        .forEach(
            (operation, count) ->
                assertThat(learnt.opening().get(operation))
                    .as(operation)
                    .isCloseTo(count, offset(2e-6)));
    assertThat(learnt.rules().max()).isEqualTo(Math.round(most));
    assertThat(learnt.ruleBytes()).isEqualTo(run.ruleBytes());
    if (mode != ProxyMode.IPVS) {
      assertThat(learnt.worstOpening()).isEqualTo(run.worst(services - 1));
    }
    assertThat(learnt.sent()).isEqualTo(run.way().sent());
    assertThat(learnt.received()).isEqualTo(run.way().received());
    assertThat(learnt.handshake()).isEqualTo(run.way().handshake());
  }

  @ParameterizedTest
  @CsvSource({
    "IPTABLES, 14, 10_000, 10",
    "IPTABLES, 20, 10_000, 10",
    "IPTABLES, 34, 10_000, 10",
    "IPTABLES, 34, 1_000, 1",
    "IPVS, 20, 10_000, 10",
    "NFTABLES, 34, 10_000, 10"
  })
  void theRulesOfLargeProgramsAreThoseCountedByTheirPlaces(
      ProxyMode mode, int minor, int services, int endpoints) {
    RulesTraversed counted =
        NodeProgram.of(
                ClientCluster.of(services, endpoints),
                ClientCluster.NODE,
                ProxyConfig.builder().mode(mode).version(new KubeVersion(minor)).build())
            .rulesTraversed();
    RulesPerConnection rules =
        COSTS.work(configuration(mode, minor, false, services, endpoints)).rules();
    // The kernel's chances are those of the five decimals that 1.14 sends.
    assertThat(rules.mean()).isCloseTo(counted.mean(), offset(minor < 20 ? 1e-4 : 1e-6));
    assertThat(rules.max()).isEqualTo(counted.most());
  }

  @Test
  void theChainOfAllServicesHasTwoRulesAServiceInTheOldLayoutAndOneInTheNew() {
    assertThat(COSTS.work(configuration(ProxyMode.IPTABLES, 20, false, 10_000, 10)))
        .satisfies(
            work -> {
              assertThat(work.rules().serviceChainMax()).isEqualTo(20_000);
              assertThat(work.ruleBytes()).isEqualTo(20_000 * 488 + 480);
            });
    assertThat(
            COSTS
                .work(configuration(ProxyMode.IPTABLES, 34, false, 10_000, 10))
                .rules()
                .serviceChainMax())
        .isEqualTo(10_000);
    assertThat(
            COSTS
                .work(configuration(ProxyMode.IPVS, 20, false, 10_000, 10))
                .rules()
                .serviceChainMax())
        .isEqualTo(3);
    assertThat(COSTS.work(configuration(ProxyMode.NFTABLES, 34, false, 10_000, 10)).rules())
        .isEqualTo(new RulesPerConnection(15, 15, 15));
  }

  @Test
  void amongTenThousandServicesIpvsComparesTwentyInTheMeanAndFortyAtMost() {
    PathWork work = COSTS.work(configuration(ProxyMode.IPVS, 20, false, 10_000, 10));
    assertThat(work.opening().get("ipvsServiceCompared")).isCloseTo(20.0, offset(0.1));
    assertThat(work.worstOpening()).containsEntry("ipvsServiceCompared", 40.0);
    assertThat(work.opening()).containsEntry("ipvsSchedulerStep", 1.0);
  }

  @Test
  void laterPacketsMeetNoRuleOfNatWhateverTheServices() {
    PathWork few = COSTS.work(configuration(ProxyMode.IPTABLES, 34, false, 10, 10));
    PathWork many = COSTS.work(configuration(ProxyMode.IPTABLES, 34, false, 10_000, 10));
    assertThat(many.sent()).isEqualTo(few.sent());
    assertThat(many.received()).isEqualTo(few.received());
    assertThat(many.rulesPerEstablishedPacket()).isEqualTo(5);
  }

  /** The rules of Calico do not depend on Services (C22, C24). */
  @Test
  void calicoAddsTheSameRulesAtAnySize() {
    for (int services : new int[] {10, 1_000, 10_000}) {
      double with =
          COSTS.work(configuration(ProxyMode.IPTABLES, 20, true, services, 10)).rules().mean();
      double without =
          COSTS.work(configuration(ProxyMode.IPTABLES, 20, false, services, 10)).rules().mean();
      assertThat(with - without).isCloseTo(47, offset(1e-6));
    }
    assertThat(CalicoPolicy.usual()).hasSize(3);
  }

  @Test
  void whereConnectionsDoNotPassThatIsSaid() {
    assertThatThrownBy(() -> COSTS.work(configuration(ProxyMode.USERSPACE, 20, true, 10, 10)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "connections to Services do not pass in USERSPACE mode with Calico, which drops what"
                + " Pods send to their node");
  }
}
