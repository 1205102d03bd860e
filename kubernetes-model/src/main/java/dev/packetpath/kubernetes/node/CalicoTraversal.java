package dev.packetpath.kubernetes.node;

import static java.util.stream.Collectors.toSet;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.network.Link;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketResult;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Counts Calico's rules, which depend on neither Services nor Pods elsewhere, but for the senders:
 * a packet goes to each Pod of the node, with Calico and without, where the cluster has nothing
 * else.
 */
final class CalicoTraversal {
  private static final int CLIENT_PORT = 40_000;
  private static final int PORT = 80;

  private final Cluster cluster;
  private final ClusterNode node;
  private final Node with;
  private final Node without;

  CalicoTraversal(
      Cluster cluster, ClusterNode node, ProxyConfig config, ImmutableList<CalicoPolicy> policies) {
    this.cluster = needed(cluster, node);
    this.node = node;
    this.with =
        Node.of(NodeProgram.withCalico(this.cluster, node.name(), config, policies).snapshot());
    this.without = Node.of(NodeProgram.of(this.cluster, node.name(), config).snapshot());
  }

  /** Returns the node's Pods and, of each family, the first one elsewhere, with their nodes. */
  private static Cluster needed(Cluster cluster, ClusterNode node) {
    Set<IpFamily> lacking = EnumSet.allOf(IpFamily.class);
    Set<String> nodes = new HashSet<>(List.of(node.name()));
    ImmutableList.Builder<Pod> pods = ImmutableList.builder();
    for (Pod pod : cluster.pods()) {
      if (pod.node().equals(node.name())) {
        pods.add(pod);
      } else if (!pod.hostNetwork() && lacking.removeAll(families(pod))) {
        pods.add(pod);
        nodes.add(pod.node());
      }
    }
    return new Cluster(
        cluster.nodes().stream()
            .filter(one -> nodes.contains(one.name()))
            .collect(ImmutableList.toImmutableList()),
        pods.build(),
        ImmutableList.of(),
        cluster.podCidrs(),
        cluster.serviceCidrs(),
        cluster.namespaces(),
        cluster.policies());
  }

  private static Set<IpFamily> families(Pod pod) {
    return pod.addresses().stream().map(IpAddress::family).collect(toSet());
  }

  RulesTraversed result() {
    RulesTraversed.Tally tally = new RulesTraversed.Tally();
    for (Pod pod : cluster.pods()) {
      if (pod.node().equals(node.name()) && !pod.hostNetwork()) {
        for (IpAddress address : pod.addresses()) {
          neighbour(address).ifPresent(from -> add(from, address, pod, tally));
        }
      }
    }
    return tally.result();
  }

  /** Returns an address of the same family of a Pod of another node. */
  private Optional<IpAddress> neighbour(IpAddress address) {
    return cluster.pods().stream()
        .filter(pod -> !pod.node().equals(node.name()) && !pod.hostNetwork())
        .flatMap(pod -> pod.addresses().stream())
        .filter(other -> other.family() == address.family())
        .findFirst();
  }

  private void add(IpAddress from, IpAddress to, Pod pod, RulesTraversed.Tally tally) {
    int port = pod.ports().isEmpty() ? PORT : pod.ports().get(0).number();
    PacketResult decided = with.inject(Injection.on(Link.UPLINK, syn(from, to, port)));
    if (decided.emissions().size() == 1) {
      PacketResult plain = without.inject(Injection.on(Link.UPLINK, syn(from, to, port)));
      long rules = decided.totalRulesTraversed() - plain.totalRulesTraversed();
      tally.add(1, rules);
    }
  }

  private static Packet syn(IpAddress from, IpAddress to, int port) {
    return new Packet().addresses(from, to).ports(CLIENT_PORT, port).tcpFlags(TcpFlags.SYN);
  }
}
