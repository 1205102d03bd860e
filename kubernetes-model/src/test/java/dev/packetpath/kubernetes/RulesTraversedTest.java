package dev.packetpath.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.DetectLocal;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import dev.packetpath.kubernetes.proxy.ServiceOrder;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.NodeSnapshot;
import dev.packetpath.node.PacketResult;
import java.io.IOException;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules that are counted without packets are those that packets meet. */
final class RulesTraversedTest {
  private static final IpAddress POD = IpAddress.parse("10.244.0.200");

  private static Cluster synthetic(int services, int endpoints) {
    return SyntheticCluster.of(SyntheticCluster.Size.of(services, endpoints), List.of(), 1);
  }

  private static ProxyConfig.Builder iptables(int minor) {
    return ProxyConfig.builder().version(new KubeVersion(minor));
  }

  static Stream<ProxyConfig> settings() {
    return Stream.of(
        iptables(14).build(),
        iptables(17).build(),
        iptables(18).build(),
        iptables(20).build(),
        iptables(20).masqueradeAll(true).build(),
        iptables(21).build(),
        iptables(23).detectLocal(DetectLocal.NONE).build(),
        iptables(24).build(),
        iptables(25).detectLocal(DetectLocal.INTERFACE_PREFIX).build(),
        iptables(26).build(),
        iptables(34).build(),
        iptables(34).masqueradeAll(true).build(),
        iptables(34).detectLocal(DetectLocal.BRIDGE).build(),
        iptables(34).detectLocal(DetectLocal.NONE).order(new ServiceOrder.Seeded(5)).build(),
        iptables(20).mode(ProxyMode.IPVS).build(),
        iptables(34).mode(ProxyMode.IPVS).build(),
        iptables(34).mode(ProxyMode.IPVS).masqueradeAll(true).build(),
        iptables(31).mode(ProxyMode.NFTABLES).build(),
        iptables(34).mode(ProxyMode.NFTABLES).build(),
        iptables(34).mode(ProxyMode.NFTABLES).masqueradeAll(true).build());
  }

  @ParameterizedTest
  @MethodSource("settings")
  void ofOneEndpointAServiceTheyAreExactForEachService(ProxyConfig config) {
    NodeProgram program = NodeProgram.of(synthetic(23, 1), "node-1", config);
    LongSummaryStatistics met = new LongSummaryStatistics();
    Node node = Node.of(program.snapshot());
    for (int service = 1; service <= 23; service++) {
      met.accept(rules(node, service, 40_000));
    }
    RulesTraversed counted = program.rulesTraversed();
    assertThat(counted.ports()).isEqualTo(23);
    assertThat(counted.least()).isEqualTo(met.getMin());
    assertThat(counted.most()).isEqualTo(met.getMax());
    assertThat(counted.mean()).isCloseTo(met.getAverage(), offset(1e-9));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void ofSeveralEndpointsTheyReachFromTheFirstToTheLast(ProxyConfig config) {
    NodeProgram program = NodeProgram.of(synthetic(2, 4), "node-1", config);
    LongSummaryStatistics met = new LongSummaryStatistics();
    Node node = Node.of(program.snapshot());
    for (int i = 0; i < 200; i++) {
      met.accept(rules(node, 1 + i % 2, 40_000 + i));
    }
    RulesTraversed counted = program.rulesTraversed();
    assertThat(counted.least()).isEqualTo(met.getMin());
    assertThat(counted.most()).isEqualTo(met.getMax());
    assertThat(counted.mean()).isCloseTo(met.getAverage(), offset(0.35));
  }

  /** Every kind of Service, of which some refuse: the chains around are not empty. */
  @ParameterizedTest
  @MethodSource("settings")
  void amongServicesOfEveryKindTheyAreThoseOfTheLeastAndTheMost(ProxyConfig config)
      throws IOException {
    Cluster cluster = FlowCluster.read();
    NodeProgram program = NodeProgram.of(cluster, "n1", config);
    NodeSnapshot snapshot = program.snapshot();
    Node node = Node.of(snapshot);
    RulesTraversed counted = program.rulesTraversed();
    LongSummaryStatistics met = new LongSummaryStatistics();
    IpAddress client = IpAddress.parse("10.244.1.254");
    int port = 41_000;
    for (Service service : cluster.services()) {
      for (ServicePort servicePort : service.ports()) {
        for (int i = 0; i < 30; i++) {
          Packet packet =
              FirstPacket.of(
                  client,
                  port++,
                  service.clusterIps().get(0),
                  servicePort.protocol(),
                  servicePort.port());
          PacketResult result = node.inject(Injection.on("cni0", packet));
          if (result.emissions().size() == 1 && !result.emissions().get(0).packet().isIcmp()) {
            met.accept(total(result));
          }
        }
      }
    }
    assertThat(counted.most()).isEqualTo(met.getMax());
    assertThat(counted.least()).isEqualTo(met.getMin());
  }

  @Test
  void inTheExperimentTheLastOfTenThousandServicesMeetsTwentyThousandAndTheMeanIsHalf() {
    RulesTraversed counted =
        NodeProgram.of(synthetic(10_000, 10), "node-1", iptables(20).build()).rulesTraversed();
    // 20,000 in KUBE-SERVICES and 21 around; of 10 endpoints the last takes 9 rules more
    assertThat(counted).isEqualTo(new RulesTraversed(10_000, 14, 10_017.5, 20_021));
    assertThat((double) counted.most()).isCloseTo(20_000, offset(600.0));
    assertThat(counted.mean()).isCloseTo(10_000, offset(300.0));
  }

  @Test
  void theCurrentLayoutHalvesThat() {
    RulesTraversed counted =
        NodeProgram.of(synthetic(10_000, 10), "node-1", iptables(34).build()).rulesTraversed();
    assertThat(counted).isEqualTo(new RulesTraversed(10_000, 15, 5_019.0, 10_023));
  }

  @ParameterizedTest
  @EnumSource(names = {"IPVS", "NFTABLES"})
  void inIpvsAndNftablesModeTheNumberOfServicesDoesNotMatter(ProxyMode mode) {
    ProxyConfig config = ProxyConfig.builder().mode(mode).build();
    RulesTraversed few = NodeProgram.of(synthetic(1, 10), "node-1", config).rulesTraversed();
    RulesTraversed many = NodeProgram.of(synthetic(10_000, 10), "node-1", config).rulesTraversed();
    assertThat(few.least()).isEqualTo(few.most());
    assertThat(many).isEqualTo(new RulesTraversed(10_000, few.least(), few.mean(), few.most()));
  }

  @ParameterizedTest
  @CsvSource({"given", "sorted", "seed:7"})
  void theOrderChangesWhichServiceIsLastAndNotTheSpread(String order) {
    ProxyConfig config = iptables(34).order(ServiceOrder.parse(order)).build();
    RulesTraversed counted = NodeProgram.of(synthetic(30, 2), "node-1", config).rulesTraversed();
    assertThat(counted).isEqualTo(new RulesTraversed(30, 15, 30, 45));
  }

  @Test
  void withoutEndpointsNothingIsCounted() {
    assertThat(NodeProgram.of(synthetic(3, 0), "node-1", iptables(34).build()).rulesTraversed())
        .isEqualTo(RulesTraversed.NONE);
  }

  private static long rules(Node node, int service, int port) {
    IpAddress address = IpAddress.ipv4(IpAddress.parse("10.96.0.0").ipv4Bits() + service);
    return total(
        node.inject(
            Injection.on(
                "cni0",
                new Packet()
                    .addresses(POD, address)
                    .ports(port, SyntheticCluster.PORT)
                    .tcpFlags(TcpFlags.SYN))));
  }

  private static long total(PacketResult result) {
    return result.totalRulesTraversed() + result.work().getOrDefault("nftRuleEvaluated", 0L);
  }
}
