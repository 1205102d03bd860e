package dev.packetpath.compare.work;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.compare.Configuration;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.kubernetes.CalicoPolicy;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.node.NodeProgram;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.kubernetes.sync.ProxySync;
import dev.packetpath.node.NodeSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The work of a cluster that is given, such as a user's own: connections from a Pod of one node to
 * the TCP ports of its Services, each port alike. Every mode is programmed in full and run, which
 * takes time linear in the endpoints. Thread-safe.
 */
public final class ClusterWorkload implements Workload {
  /** Of clusters with more endpoints every so many-th port is looked at. */
  private static final int MANY_ENDPOINTS = 10_000;

  private final Cluster cluster;
  private final ClusterNode node;
  private final IpFamily family;
  private final ImmutableList<Port> ports;
  private final ConcurrentHashMap<PathKind, PathWork> paths = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<PathKind, ImmutableSortedMap<String, Double>> syncs =
      new ConcurrentHashMap<>();

  /** A TCP port with endpoints. */
  private record Port(Destination destination, ImmutableList<Endpoint> endpoints) {}

  /**
   * Creates the workload of a cluster.
   *
   * @param nodeName the client's node
   * @throws IllegalArgumentException if there is no such node, or no TCP port with endpoints
   */
  public ClusterWorkload(Cluster cluster, String nodeName) {
    this.cluster = cluster;
    this.node = cluster.node(nodeName);
    this.family =
        node.addresses().stream().anyMatch(address -> address.family() == IpFamily.IPV4)
            ? IpFamily.IPV4
            : IpFamily.IPV6;
    this.ports = ports(cluster, family);
    checkArgument(!ports.isEmpty(), "the cluster has no Service with a TCP port and endpoints");
  }

  private static ImmutableList<Port> ports(Cluster cluster, IpFamily family) {
    ImmutableList.Builder<Port> ports = ImmutableList.builder();
    for (Service service : cluster.services()) {
      Optional<IpAddress> address =
          service.clusterIps().stream().filter(ip -> ip.family() == family).findFirst();
      for (ServicePort port : service.ports()) {
        ImmutableList<Endpoint> endpoints =
            port.endpoints().stream()
                .filter(endpoint -> endpoint.address().family() == family)
                .collect(ImmutableList.toImmutableList());
        if (address.isPresent() && port.protocol() == ServiceProtocol.TCP && !endpoints.isEmpty()) {
          ports.add(new Port(new Destination(address.get(), port.port()), endpoints));
        }
      }
    }
    return ports.build();
  }

  /**
   * Returns the configuration that stands for this cluster: its ports as Services, and the mean
   * number of their endpoints.
   */
  public Configuration configuration(
      ProxyMode mode,
      KubeVersion version,
      boolean calico,
      int keepalive,
      double requestsPerSecond) {
    int endpoints = (int) Math.max(1, Math.round((double) endpoints() / ports.size()));
    return new Configuration(
        mode, version, calico, ports.size(), endpoints, keepalive, requestsPerSecond);
  }

  private long endpoints() {
    return ports.stream().mapToLong(port -> port.endpoints().size()).sum();
  }

  private static PathKind kind(Configuration configuration) {
    return new PathKind(
        configuration.mode(), configuration.version(), configuration.calico(), false);
  }

  @Override
  public PathWork work(Configuration configuration) {
    return paths.computeIfAbsent(kind(configuration), this::run);
  }

  @Override
  public ImmutableSortedMap<String, Double> syncOperations(Configuration configuration) {
    return syncs.computeIfAbsent(
        kind(configuration),
        kind -> SyncCosts.named(ProxySync.of(cluster, node.name(), kind.config()).periodic()));
  }

  private PathWork run(PathKind kind) {
    NodeProgram program =
        kind.calico()
            ? NodeProgram.withCalico(
                cluster, node.name(), kind.config(), CalicoPolicy.of(cluster.policies()))
            : NodeProgram.of(cluster, node.name(), kind.config());
    NodeSnapshot snapshot = program.snapshot();
    ConnectionProbe probe = new ConnectionProbe(snapshot, client(kind.calico()));
    PathTally tally = new PathTally();
    for (Port port : looked()) {
      Endpoint server = port.endpoints().get(0);
      probe.connect(
          port.destination().address(),
          port.destination().port(),
          kind.mode() == ProxyMode.USERSPACE
              ? Optional.of(
                  new Packet().addresses(nodeAddress(), server.address()).ports(0, server.port()))
              : Optional.empty(),
          way -> tally.add(way, 1));
    }
    return tally.result(ServiceChains.bytes(snapshot, family));
  }

  private List<Port> looked() {
    int step = (int) Math.max(1, endpoints() / MANY_ENDPOINTS);
    List<Port> looked = new ArrayList<>();
    for (int i = ports.size() - 1; i >= 0; i -= step) {
      looked.add(ports.get(i));
    }
    return looked;
  }

  private IpAddress nodeAddress() {
    return node.addresses().stream()
        .filter(address -> address.family() == family)
        .findFirst()
        .orElseThrow();
  }

  /** Returns a Pod of the node, and where none is needed and none there, an address for one. */
  private IpAddress client(boolean calico) {
    Optional<IpAddress> pod =
        cluster.pods().stream()
            .filter(candidate -> candidate.node().equals(node.name()) && !candidate.hostNetwork())
            .map(Pod::addresses)
            .flatMap(List::stream)
            .filter(address -> address.family() == family)
            .findFirst();
    checkArgument(
        pod.isPresent() || !calico, "with Calico: no Pod on node %s to send from", node.name());
    return pod.or(this::lastOfPodCidr).orElseGet(this::nodeAddress);
  }

  private Optional<IpAddress> lastOfPodCidr() {
    return node.podCidrs().stream()
        .filter(prefix -> prefix.family() == family)
        .findFirst()
        .map(
            prefix -> {
              IpAddress first = prefix.address();
              int hostBits = Math.min(Long.SIZE - 2, family.bits() - prefix.length());
              return new IpAddress(family, first.high(), first.low() | (1L << hostBits) - 2);
            });
  }
}
