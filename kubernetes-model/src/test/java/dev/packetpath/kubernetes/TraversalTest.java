package dev.packetpath.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.google.common.collect.Iterables;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many rules a connection from a Pod to a Service of one endpoint meets. */
final class TraversalTest {
  private static final IpAddress POD = IpAddress.parse("10.244.0.200");
  private static final int MANY = 10_000;

  private static Node node(int services, int minor) {
    Cluster cluster = SyntheticCluster.of(SyntheticCluster.Size.of(services, 1), List.of(), 1);
    ProxyConfig config = ProxyConfig.builder().version(new KubeVersion(minor)).build();
    return Node.of(NodeProgram.of(cluster, "node-1", config).snapshot());
  }

  private static PacketResult open(Node node, int service) {
    return node.inject(
        Injection.on("cni0", segment(POD, address(service), 40_000, 80, TcpFlags.SYN)));
  }

  private static IpAddress address(int service) {
    return IpAddress.ipv4(IpAddress.parse("10.96.0.0").ipv4Bits() + service);
  }

  private static Packet segment(IpAddress from, IpAddress to, int fromPort, int toPort, int flags) {
    return new Packet()
        .addresses(from, to)
        .protocol(IpProtocol.TCP)
        .ports(fromPort, toPort)
        .tcpFlags(flags);
  }

  @Test
  void aServiceCostsTwoRulesUpTo120AndOneSince() {
    Node old = node(50, 20);
    Node current = node(50, KubeVersion.CURRENT.minor());
    for (int service : List.of(1, 2, 25, 50)) {
      // nat: 1 jump, 2 a Service, 1 choice, 2 of the endpoint, 2 in POSTROUTING; filter: 3 + 3
      assertThat(open(old, service).totalRulesTraversed()).isEqualTo(2L * service + 12);
      // nat: 1 jump, 1 a Service, 1 masquerade test, 1 choice, 2, 2; filter: 4 + 3
      assertThat(open(current, service).totalRulesTraversed()).isEqualTo(service + 14L);
    }
  }

  @Test
  void inTheExperimentTheLastOfTenThousandServicesMeetsTwentyThousandRules() {
    Node node = node(MANY, 20);
    assertThat(open(node, MANY).totalRulesTraversed()).isCloseTo(20_000, withPercentage(3));
    assertThat(open(node, MANY / 2).totalRulesTraversed()).isCloseTo(10_000, withPercentage(3));
  }

  @Test
  void anEstablishedConnectionMeetsNoNatRuleAndAFewOfFilter() {
    Node node = node(500, KubeVersion.CURRENT.minor());
    Packet opened = Iterables.getLast(open(node, 500).emissions()).packet();
    node.inject(
        Injection.on(
            "eth0", segment(opened.destination(), POD, 8080, 40_000, TcpFlags.SYN | TcpFlags.ACK)));
    PacketResult later =
        node.inject(Injection.on("cni0", segment(POD, address(500), 40_000, 80, TcpFlags.ACK)));
    assertThat(later.rulesTraversed()).containsEntry(TableName.NAT, 0L);
    assertThat(later.totalRulesTraversed()).isEqualTo(5);
  }

  @Test
  void inNftablesModeTheNumberOfServicesDoesNotMatter() {
    long few = nftRules(node(10, ProxyMode.NFTABLES), 10);
    assertThat(nftRules(node(1000, ProxyMode.NFTABLES), 1000)).isEqualTo(few);
    // 2 before the translation, 6 of it, 5 in FORWARD, 2 in POSTROUTING
    assertThat(few).isEqualTo(15);
  }

  private static Node node(int services, ProxyMode mode) {
    Cluster cluster = SyntheticCluster.of(SyntheticCluster.Size.of(services, 1), List.of(), 1);
    ProxyConfig config = ProxyConfig.builder().mode(mode).build();
    return Node.of(NodeProgram.of(cluster, "node-1", config).snapshot());
  }

  private static long nftRules(Node node, int service) {
    return open(node, service).work().getOrDefault("nftRuleEvaluated", 0L);
  }
}
