package dev.packetpath.kubernetes.calico;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.core.net.IpProtocol;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.SyntheticCluster;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node of 30 Pods with three policies each meets, of Calico and of kube-proxy. */
final class CalicoProgramTest {
  private static final IpAddress ELSEWHERE = IpAddress.parse("10.244.1.5");

  private final Cluster cluster = SyntheticCluster.of(SyntheticCluster.Size.of(0, 0), List.of(), 1);
  private final Node node = node(cluster);

  private static Node node(Cluster cluster) {
    return Node.of(
        NodeProgram.withCalico(
                cluster, "node-1", ProxyConfig.builder().build(), CalicoPolicy.usual())
            .snapshot());
  }

  private static List<Pod> localPods(Cluster cluster) {
    return cluster.pods().stream()
        .filter(pod -> pod.node().equals("node-1"))
        .sorted(Comparator.comparing(CalicoNames::device))
        .toList();
  }

  private static Packet segment(IpAddress from, IpAddress to, int flags) {
    return new Packet()
        .addresses(from, to)
        .protocol(IpProtocol.TCP)
        .ports(40_000, 8080)
        .tcpFlags(flags);
  }

  /** kube-proxy without Services: 2 rules of nat PREROUTING, 7 of FORWARD, 2 of POSTROUTING. */
  private static final int KUBE_PROXY = 11;

  @Test
  void theFirstPacketToAPodMeets42RulesAndThoseOfTheDispatch() {
    List<Long> dispatch = new ArrayList<>();
    for (Pod pod : localPods(cluster)) {
      PacketResult result =
          node.inject(
              Injection.on("eth0", segment(ELSEWHERE, pod.addresses().get(0), TcpFlags.SYN)));
      assertThat(result.emissions()).hasSize(1);
      assertThat(result.emissions().get(0).at()).isEqualTo(CalicoNames.device(pod));
      dispatch.add(result.totalRulesTraversed() - 42 - KUBE_PROXY);
    }
    assertThat(dispatch).hasSize(30).allMatch(rules -> rules >= 1 && rules <= 22);
    assertThat(dispatch.stream().mapToLong(Long::longValue).average().orElse(0))
        .isBetween(7.0, 11.5);
  }

  @Test
  void anEstablishedConnectionMeets21RulesAndThoseOfTheDispatch() {
    Pod pod = localPods(cluster).get(0);
    IpAddress at = pod.addresses().get(0);
    node.inject(Injection.on("eth0", segment(ELSEWHERE, at, TcpFlags.SYN)));
    Packet answer =
        new Packet()
            .addresses(at, ELSEWHERE)
            .protocol(IpProtocol.TCP)
            .ports(8080, 40_000)
            .tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
    node.inject(Injection.on(CalicoNames.device(pod), answer));
    PacketResult later = node.inject(Injection.on("eth0", segment(ELSEWHERE, at, TcpFlags.ACK)));
    // The first device is alone with its character, or the first of its chain: 1 or 2 rules.
    assertThat(later.totalRulesTraversed()).isBetween(22L, 23L);
  }

  @Test
  void whatItCostsIsNearKubeProxyWithTwentyServices() {
    double calico = traversed(0, KubeVersion.CURRENT).calicoRulesTraversed().mean();
    assertThat(calico).isCloseTo(51, withPercentage(5));
    for (int services : List.of(20, 200)) {
      assertThat(traversed(services, KubeVersion.CURRENT).calicoRulesTraversed().mean())
          .as("%s Services", services)
          .isCloseTo(calico, withPercentage(4));
    }
    // The experiment's layout, the last of 20 Services, the endpoint in the middle.
    RulesTraversed last = traversed(20, new KubeVersion(20)).rulesTraversed();
    assertThat(last.most() - 4.5).isCloseTo(calico, withPercentage(20));
    assertThat(traversed(200, new KubeVersion(20)).rulesTraversed().mean())
        .isGreaterThan(4 * calico);
  }

  /** Somebody of its family, whoever else there is, sends to each address. */
  @Test
  void packetsGoToEachAddressOfThePodsOfTheNode() {
    Cluster dual =
        SyntheticCluster.of(
            SyntheticCluster.Size.of(0, 0),
            List.of(IpPrefix.parse("10.244.0.0/16"), IpPrefix.parse("fd00:10:244::/56")),
            1);
    assertThat(calicoRulesTraversed(dual, IpFamily.values()).ports()).isEqualTo(60);
    assertThat(calicoRulesTraversed(dual, IpFamily.IPV6).ports()).isEqualTo(30);
  }

  /** Counts where the Pods elsewhere have one of these families each, in turn. */
  private static RulesTraversed calicoRulesTraversed(Cluster cluster, IpFamily... families) {
    List<Pod> pods = new ArrayList<>();
    for (Pod pod : cluster.pods()) {
      IpFamily family = families[pods.size() % families.length];
      pods.add(pod.node().equals("node-1") ? pod : only(family, pod));
    }
    Cluster changed =
        new Cluster(
            cluster.nodes(),
            ImmutableList.copyOf(pods),
            ImmutableList.of(),
            cluster.podCidrs(),
            cluster.serviceCidrs());
    return NodeProgram.withCalico(
            changed, "node-1", ProxyConfig.builder().build(), CalicoPolicy.usual())
        .calicoRulesTraversed();
  }

  private static Pod only(IpFamily family, Pod pod) {
    return new Pod(
        pod.namespace(),
        pod.name(),
        pod.node(),
        pod.hostNetwork(),
        pod.addresses().stream()
            .filter(address -> address.family() == family)
            .collect(ImmutableList.toImmutableList()),
        pod.labels(),
        pod.ports());
  }

  private static NodeProgram traversed(int services, KubeVersion version) {
    Cluster cluster = SyntheticCluster.of(SyntheticCluster.Size.of(services, 10), List.of(), 1);
    return NodeProgram.withCalico(
        cluster, "node-1", ProxyConfig.builder().version(version).build(), CalicoPolicy.usual());
  }

  @Test
  void anEstablishedConnectionMeetsAboutThirtyRulesInTheMean() {
    double sum = 0;
    List<Pod> pods = localPods(cluster);
    for (Pod pod : pods) {
      IpAddress at = pod.addresses().get(0);
      node.inject(Injection.on("eth0", segment(ELSEWHERE, at, TcpFlags.SYN)));
      Packet answer =
          new Packet()
              .addresses(at, ELSEWHERE)
              .ports(8080, 40_000)
              .tcpFlags(TcpFlags.SYN | TcpFlags.ACK);
      node.inject(Injection.on(CalicoNames.device(pod), answer));
      sum +=
          node.inject(Injection.on("eth0", segment(ELSEWHERE, at, TcpFlags.ACK)))
              .totalRulesTraversed();
    }
    assertThat(sum / pods.size()).isCloseTo(30, withPercentage(7));
  }

  @Test
  void whatNoPolicyAllowsIsDropped() {
    Pod pod = localPods(cluster).get(0);
    IpAddress stranger = IpAddress.parse("192.168.0.99");
    PacketResult result =
        node.inject(Injection.on("eth0", segment(stranger, pod.addresses().get(0), TcpFlags.SYN)));
    assertThat(result.emissions()).isEmpty();
  }

  @Test
  void theNumberOfServicesChangesNoRuleOfCalico() {
    assertThat(calicoRules(0)).isPositive().isEqualTo(calicoRules(100));
  }

  private static long calicoRules(int services) {
    Cluster cluster = SyntheticCluster.of(SyntheticCluster.Size.of(services, 0), List.of(), 1);
    return NodeProgram.withCalico(
            cluster, "node-1", ProxyConfig.builder().build(), CalicoPolicy.usual())
        .snapshot()
        .ruleset(IpFamily.IPV4)
        .orElseThrow()
        .tables()
        .stream()
        .flatMap(table -> table.chains().stream())
        .filter(chain -> chain.name().startsWith("cali-"))
        .mapToLong(chain -> chain.rules().size())
        .sum();
  }
}
