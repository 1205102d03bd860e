package dev.packetpath.kubernetes.calico;

import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.FirstPacket;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketResult;
import java.util.Optional;

/** A node that Calico programmed, and the question whether it lets connections pass. */
final class PolicyNode {
  private static final String NAME = "n1";
  private static final int CLIENT_PORT = 40_000;

  private final Cluster cluster;
  private final NodeProgram program;

  PolicyNode(Cluster cluster) {
    this.cluster = cluster;
    this.program =
        NodeProgram.withCalico(
            cluster, NAME, ProxyConfig.builder().build(), CalicoPolicy.of(cluster.policies()));
  }

  /** Returns the Pod of an address that lives on the node, if there is one. */
  static Optional<Pod> local(Cluster cluster, IpAddress address) {
    return cluster.pods().stream()
        .filter(pod -> pod.node().equals(NAME) && pod.addresses().contains(address))
        .findFirst();
  }

  private String device(IpAddress address) {
    return local(cluster, address).map(CalicoNames::device).orElse("eth0");
  }

  /** Returns what becomes of the first packet of a connection, on a node that knows no other. */
  PacketResult open(IpAddress from, IpAddress to, ServiceProtocol protocol, int port) {
    Packet packet = FirstPacket.of(from, CLIENT_PORT, to, protocol, port);
    return node().inject(Injection.on(device(from), packet));
  }

  /** Returns whether a connection's first packet comes out where its destination is. */
  boolean passes(IpAddress from, IpAddress to, ServiceProtocol protocol, int port) {
    PacketResult result = open(from, to, protocol, port);
    return result.emissions().size() == 1 && result.emissions().get(0).at().equals(device(to));
  }

  Node node() {
    return Node.of(program.snapshot());
  }
}
