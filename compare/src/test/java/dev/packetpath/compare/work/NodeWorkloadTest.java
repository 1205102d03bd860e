package dev.packetpath.compare.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.packetpath.compare.Configuration;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.ExampleNode;
import dev.packetpath.node.NodeSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A node's Services are read back from its own rules, and are the same in every mode. */
final class NodeWorkloadTest {
  private static final Cluster CLUSTER = ClientCluster.of(12, 5);
  private static final ClusterWorkload REAL = new ClusterWorkload(CLUSTER, ClientCluster.NODE);

  private static ProxyConfig config(ProxyMode mode, int minor) {
    return ProxyConfig.builder().mode(mode).version(new KubeVersion(minor)).build();
  }

  @ParameterizedTest
  @CsvSource({"IPTABLES, 20", "IPTABLES, 34", "IPVS, 34", "NFTABLES, 34"})
  void allModesAreThoseOfTheClusterThatTheNodeIsFrom(ProxyMode mode, int minor) {
    NodeWorkload node =
        new NodeWorkload(
            NodeProgram.of(CLUSTER, ClientCluster.NODE, config(mode, minor)).snapshot());
    assertThat(node.mode()).isEqualTo(mode);
    assertThat(node.version()).isEqualTo(new KubeVersion(minor));
    for (ProxyMode other :
        new ProxyMode[] {ProxyMode.IPTABLES, ProxyMode.IPVS, ProxyMode.NFTABLES}) {
      Configuration configuration = node.configuration(other, node.version(), 1, 1_000);
      assertThat(configuration.services()).isEqualTo(12);
      assertThat(configuration.endpoints()).isEqualTo(5);
      assertThat(node.work(configuration).rules()).isEqualTo(REAL.work(configuration).rules());
      assertThat(node.work(configuration).opening()).isEqualTo(REAL.work(configuration).opening());
      assertThat(node.syncOperations(configuration)).isEqualTo(REAL.syncOperations(configuration));
    }
  }

  @Test
  void rulesOfOthersAreMetInTheNodesOwnMode() {
    NodeSnapshot snapshot =
        NodeProgram.withCalico(
                CLUSTER, ClientCluster.NODE, config(ProxyMode.IPTABLES, 34), CalicoPolicy.usual())
            .snapshot();
    NodeWorkload node = new NodeWorkload(snapshot);
    Configuration own = node.configuration(ProxyMode.IPTABLES, KubeVersion.CURRENT, 1, 1_000);
    assertThat(own.calico()).isTrue();
    assertThat(node.work(own).rules().mean())
        .isGreaterThan(
            5
                + REAL.work(
                        REAL.configuration(
                            ProxyMode.IPTABLES, KubeVersion.CURRENT, false, 1, 1_000))
                    .rules()
                    .mean());
    assertThat(node.configuration(ProxyMode.IPVS, KubeVersion.CURRENT, 1, 1_000).calico())
        .isFalse();
  }

  @Test
  void theExampleNodeHasItsServices() {
    NodeWorkload node = new NodeWorkload(ExampleNode.snapshot());
    Configuration own = node.configuration(node.mode(), node.version(), 1, 1_000);
    assertThat(node.mode()).isEqualTo(ProxyMode.IPTABLES);
    assertThat(own.services()).isGreaterThan(1);
    assertThat(node.work(own).rules().mean()).isBetween(15.0, 40.0);
  }

  @Test
  void aNodeWithoutKubeProxyIsRefused() {
    assertThatThrownBy(() -> new NodeWorkload(NodeSnapshot.builder().build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no Service of kube-proxy");
  }
}
