package dev.packetpath.compare.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.packetpath.compare.Configuration;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ClusterWorkloadTest {
  private static final MadeUpWorkload MADE_UP = new MadeUpWorkload();

  @ParameterizedTest
  @CsvSource({"IPTABLES, 20", "IPTABLES, 34", "IPVS, 34", "NFTABLES, 34", "USERSPACE, 20"})
  void aClusterThatIsGivenWorksAsOneThatIsMadeUpOfItsSize(ProxyMode mode, int minor) {
    ClusterWorkload own = new ClusterWorkload(ClientCluster.of(12, 5), ClientCluster.NODE);
    Configuration configuration = own.configuration(mode, new KubeVersion(minor), false, 1, 1_000);
    assertThat(configuration.services()).isEqualTo(12);
    assertThat(configuration.endpoints()).isEqualTo(5);
    PathWork given = own.work(configuration);
    PathWork madeUp = MADE_UP.work(configuration);
    assertThat(given.opening()).isEqualTo(madeUp.opening());
    assertThat(given.rules()).isEqualTo(madeUp.rules());
    assertThat(given.ruleBytes()).isEqualTo(madeUp.ruleBytes());
    assertThat(given.sent()).isEqualTo(madeUp.sent());
    assertThat(given.received()).isEqualTo(madeUp.received());
    assertThat(given.handshake()).isEqualTo(madeUp.handshake());
    assertThat(own.syncOperations(configuration)).isEqualTo(MADE_UP.syncOperations(configuration));
  }

  @Test
  void servicesOfSeveralSizesCountEachAlike() {
    ClusterWorkload own =
        new ClusterWorkload(ClientCluster.of(ImmutableList.of(1, 3, 8)), ClientCluster.NODE);
    Configuration configuration =
        own.configuration(ProxyMode.IPTABLES, KubeVersion.CURRENT, false, 1, 1_000);
    assertThat(configuration.endpoints()).isEqualTo(4);
    // Before the endpoint is chosen there are 0, 1 and 2 Services, and 1, 2 and 4.5 rules of ours.
    double other = own.work(configuration).rules().mean() - 1 - (1 + 2 + 4.5) / 3;
    PathWork one =
        new ClusterWorkload(ClientCluster.of(1, 1), ClientCluster.NODE).work(configuration);
    assertThat(one.rules().mean() - 1).isEqualTo(other);
    assertThat(own.work(configuration).rules().max()).isEqualTo(Math.round(other) + 2 + 8);
  }

  /** A process of the node that answers, such as the API server, is no proxy's process. */
  @ParameterizedTest
  @EnumSource(names = {"IPTABLES", "IPVS", "NFTABLES"})
  void aServerOnTheNodeItselfMakesNoOtherConnection(ProxyMode mode) {
    Cluster cluster = ClientCluster.of(1, 1);
    IpAddress node = cluster.node(ClientCluster.NODE).addresses().get(0);
    ServicePort port =
        new ServicePort(
            "",
            ServiceProtocol.TCP,
            443,
            0,
            ImmutableList.of(Endpoint.ready(node, 6443, ClientCluster.NODE)));
    Service api =
        Service.builder("default", "kubernetes")
            .clusterIps(ImmutableList.of(IpAddress.parse("10.96.0.1")))
            .ports(ImmutableList.of(port))
            .build();
    ClusterWorkload far = new ClusterWorkload(cluster, ClientCluster.NODE);
    ClusterWorkload near =
        new ClusterWorkload(cluster.withServices(ImmutableList.of(api)), ClientCluster.NODE);
    Configuration configuration = near.configuration(mode, KubeVersion.CURRENT, false, 1, 1_000);
    assertThat(near.work(configuration).rules().max())
        .isLessThanOrEqualTo(far.work(configuration).rules().max());
  }

  @Test
  void whatCannotBeRunIsSaid() {
    Cluster cluster = ClientCluster.of(2, 2);
    assertThatThrownBy(() -> new ClusterWorkload(cluster, "node-7"))
        .hasMessageStartingWith("the cluster has no node node-7; its ");
    assertThatThrownBy(
            () -> new ClusterWorkload(cluster.withServices(ImmutableList.of()), ClientCluster.NODE))
        .hasMessage("the cluster has no Service with a TCP port and endpoints");
  }
}
