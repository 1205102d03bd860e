package dev.packetpath.compare.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.common.base.CaseFormat;
import dev.packetpath.compare.Configuration;
import dev.packetpath.core.cost.OperationCost;
import dev.packetpath.core.cost.Provenance;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.kubernetes.sync.ProxySync;
import dev.packetpath.kubernetes.sync.Sync;
import dev.packetpath.kubernetes.sync.SyncOperation;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SyncCostsTest {
  private static final SyncCosts COSTS = new SyncCosts();

  private static Configuration configuration(
      ProxyMode mode, int minor, int services, int endpoints) {
    return new Configuration(mode, new KubeVersion(minor), false, services, endpoints, 1, 1_000);
  }

  @ParameterizedTest
  @CsvSource({
    "IPTABLES, 20, 1, 1",
    "IPTABLES, 20, 300, 10",
    "IPTABLES, 34, 300, 10",
    "IPVS, 20, 300, 10",
    "NFTABLES, 31, 300, 10",
    "NFTABLES, 34, 300, 10",
    "USERSPACE, 20, 300, 10"
  })
  void everyOperationIsCountedAsInTheRealSync(
      ProxyMode mode, int minor, int services, int endpoints) {
    Sync real =
        ProxySync.of(
                ClientCluster.of(services, endpoints),
                ClientCluster.NODE,
                ProxyConfig.builder().mode(mode).version(new KubeVersion(minor)).build())
            .periodic();
    Map<String, Double> learnt = COSTS.operations(configuration(mode, minor, services, endpoints));
    assertThat(learnt).hasSameSizeAs(real.operations());
    real.operations()
        .forEach(
            (operation, count) ->
                assertThat(learnt.get(name(operation)))
                    .as(name(operation))
                    .isEqualTo((double) count));
  }

  private static String name(SyncOperation operation) {
    return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.LOWER_CAMEL, operation.name());
  }

  @Test
  void operationsAndServicesHaveTheirPrices() {
    Configuration thousand = configuration(ProxyMode.IPVS, 20, 1_000, 10);
    Map<String, OperationCost> prices =
        Map.of(
            "serverRead", new OperationCost("serverRead", 10, Provenance.ASSUMED, ""),
            "service", new OperationCost("service", 1_000, Provenance.ASSUMED, ""));
    Workload workload = new MadeUpWorkload();
    assertThat(SyncCosts.ns(workload, thousand, prices))
        .isCloseTo(2_000 * 10 + 1_000_000, offset(1e-3));
    assertThat(SyncCosts.ns(workload, thousand, Map.of())).isZero();
  }

  @Test
  void theNextSyncComesAfterKubeProxysPeriod() {
    assertThat(SyncCosts.periodNs(configuration(ProxyMode.IPVS, 34, 1, 1))).isEqualTo(30e9);
    assertThat(SyncCosts.periodNs(configuration(ProxyMode.IPTABLES, 34, 1, 1))).isEqualTo(3.6e12);
  }
}
