package dev.packetpath.kubernetes.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
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
import java.util.Optional;

/**
 * Counts Calico's rules, which do not depend on Services: a packet goes to each Pod of the node,
 * with Calico and without, where the cluster has no Services.
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
    this.cluster = cluster;
    this.node = node;
    Cluster bare = cluster.withServices(ImmutableList.of());
    this.with = Node.of(NodeProgram.withCalico(bare, node.name(), config, policies).snapshot());
    this.without = Node.of(NodeProgram.of(bare, node.name(), config).snapshot());
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
