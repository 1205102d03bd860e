package dev.packetpath.kubernetes.node;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.packet.Packet;
import dev.packetpath.core.packet.TcpFlags;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import dev.packetpath.kubernetes.proxy.select.EndpointSelection;
import dev.packetpath.kubernetes.proxy.select.ProxiedPort;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.node.Injection;
import dev.packetpath.node.Node;
import dev.packetpath.node.PacketResult;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts the rules that new connections meet where it is not the number of Services that decides
 * but which kinds there are: in IPVS and nftables mode. One Service of each kind is programmed and
 * sent a packet. Takes time linear in the ports, and a walk for each kind.
 */
final class ServiceKinds {
  private static final int CLIENT_PORT = 40_000;
  private static final int FIRST_MOVED_PORT = 20_000;

  /** An INIT chunk (RFC 9260): type 1, 20 bytes, a tag of the sender's. */
  private static final byte[] SCTP_INIT = {
    1, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0
  };

  /** Addresses of documentation: RFC 5737 and RFC 3849. */
  private static final IpAddress ELSEWHERE_V4 = IpAddress.parse("192.0.2.1");

  private static final IpAddress ELSEWHERE_V6 = IpAddress.parse("2001:db8::1");

  private final Cluster cluster;
  private final ClusterNode node;
  private final ProxyConfig config;

  /** What decides which sets and rules there are for a port, and which of them its packets meet. */
  private record Kind(
      ServiceProtocol protocol,
      boolean hasNodePort,
      boolean hasExternalIps,
      boolean hasLoadBalancer,
      boolean hasSourceRanges,
      boolean externallyLocal,
      boolean internallyLocal,
      boolean hasHealthCheck,
      boolean hasClusterEndpoints,
      boolean hasLocalEndpoints,
      boolean hasNeighbours,
      boolean servedByNode,
      boolean servedElsewhere,
      int affinityRules) {
    static Kind of(ProxiedPort port, ProxyNode node) {
      EndpointSelection endpoints = node.select(port);
      boolean keepsClients = port.service().affinitySeconds() != Service.NO_AFFINITY;
      return new Kind(
          port.protocol(),
          port.port().nodePort() != 0,
          !port.externalIps().isEmpty(),
          !port.loadBalancerIps().isEmpty(),
          !port.sourceRanges().isEmpty(),
          port.isExternallyLocal(),
          port.isInternallyLocal(),
          port.service().healthCheckNodePort() != 0,
          !endpoints.cluster().isEmpty(),
          !endpoints.local().isEmpty(),
          port.port().endpoints().stream()
              .map(Endpoint::node)
              .anyMatch(name -> name.equals(node.node().name())),
          used(port, node).stream().anyMatch(endpoint -> isNode(endpoint, node)),
          used(port, node).stream().anyMatch(endpoint -> !isNode(endpoint, node)),
          keepsClients ? 1 + endpoints.reachable().size() : 0);
    }
  }

  /** The ports of one kind: one of them, and how many there are. */
  private static final class Group {
    private final ProxiedPort example;
    private long ports;
    private double shareOfNode;

    Group(ProxiedPort example) {
      this.example = example;
    }
  }

  ServiceKinds(Cluster cluster, ClusterNode node, ProxyConfig config) {
    this.cluster = cluster;
    this.node = node;
    this.config = config;
  }

  /** Returns the rules that connections of a Pod to the ports of one family meet. */
  RulesTraversed rulesTraversed(ProxyNode proxy, IpAddress pod, String device) {
    Map<Kind, Group> groups = new LinkedHashMap<>();
    for (ProxiedPort port : proxy.ports()) {
      Group group = groups.computeIfAbsent(Kind.of(port, proxy), kind -> new Group(port));
      List<Endpoint> used = used(port, proxy);
      long ofNode = used.stream().filter(endpoint -> isNode(endpoint, proxy)).count();
      group.ports++;
      group.shareOfNode += used.isEmpty() ? 0 : (double) ofNode / used.size();
    }
    Set<Service> examples = new LinkedHashSet<>();
    groups.values().forEach(group -> examples.add(group.example.service()));
    ExampleNode examined = new ExampleNode(proxy, examples, pod, device);
    RulesTraversed.Tally tally = new RulesTraversed.Tally();
    groups.forEach((kind, group) -> examined.add(kind, group, tally));
    return tally.result();
  }

  /** The node with one Service of each kind. */
  private final class ExampleNode {
    private final ProxyNode proxy;
    private final Set<Service> examples;
    private final IpAddress pod;
    private final String device;
    private final Node plain;

    ExampleNode(ProxyNode proxy, Set<Service> examples, IpAddress pod, String device) {
      this.proxy = proxy;
      this.examples = examples;
      this.pod = pod;
      this.device = device;
      this.plain = programmed(examples);
    }

    void add(Kind kind, Group group, RulesTraversed.Tally tally) {
      if (kind.servedByNode() && kind.servedElsewhere()) {
        long toNode = rules(programmed(moved(group.example, true)), group.example);
        long elsewhere = rules(programmed(moved(group.example, false)), group.example);
        double share = group.shareOfNode / group.ports;
        tally.add(
            group.ports,
            Math.min(toNode, elsewhere),
            share * toNode + (1 - share) * elsewhere,
            Math.max(toNode, elsewhere));
      } else if (kind.servedByNode() || kind.servedElsewhere()) {
        long rules = rules(plain, group.example);
        tally.add(group.ports, rules);
      }
    }

    private Node programmed(Set<Service> services) {
      Cluster small =
          new Cluster(
              ImmutableList.of(node),
              ImmutableList.of(),
              ImmutableList.copyOf(services),
              cluster.podCidrs(),
              cluster.serviceCidrs());
      return Node.of(NodeProgram.of(small, node.name(), config).snapshot());
    }

    /** Returns the examples with one port's endpoints all on the node itself, or all elsewhere. */
    private Set<Service> moved(ProxiedPort port, boolean toNode) {
      Set<Service> others = new LinkedHashSet<>();
      for (Service service : examples) {
        others.add(service.equals(port.service()) ? withEndpointsMoved(port, toNode) : service);
      }
      return others;
    }

    private Service withEndpointsMoved(ProxiedPort moved, boolean toNode) {
      ImmutableList.Builder<ServicePort> ports = ImmutableList.builder();
      for (ServicePort port : moved.service().ports()) {
        ports.add(port.equals(moved.port()) ? withEndpointsMoved(port, toNode) : port);
      }
      return moved.service().toBuilder().ports(ports.build()).build();
    }

    private ServicePort withEndpointsMoved(ServicePort port, boolean toNode) {
      IpAddress target = toNode ? proxy.primaryAddresses().get(0) : elsewhere();
      ImmutableList.Builder<Endpoint> endpoints = ImmutableList.builder();
      int number = FIRST_MOVED_PORT;
      for (Endpoint endpoint : port.endpoints()) {
        boolean stays =
            endpoint.address().family() != proxy.family() || isNode(endpoint, proxy) == toNode;
        endpoints.add(
            stays
                ? endpoint
                : new Endpoint(
                    target, number++, endpoint.node(), endpoint.condition(), endpoint.hints()));
      }
      return new ServicePort(
          port.name(), port.protocol(), port.port(), port.nodePort(), endpoints.build());
    }

    private IpAddress elsewhere() {
      return proxy.family() == IpFamily.IPV4 ? ELSEWHERE_V4 : ELSEWHERE_V6;
    }

    private long rules(Node programmed, ProxiedPort port) {
      PacketResult result = programmed.inject(Injection.on(device, open(port)));
      return result.totalRulesTraversed() + result.nftRulesTraversed();
    }

    private Packet open(ProxiedPort port) {
      Packet packet =
          new Packet()
              .addresses(pod, port.clusterIp())
              .protocol(port.protocol().number())
              .ports(CLIENT_PORT, port.port().port());
      return switch (port.protocol()) {
        case TCP -> packet.tcpFlags(TcpFlags.SYN);
        case UDP -> packet;
        case SCTP -> packet.payload(SCTP_INIT).payloadLength(SCTP_INIT.length);
      };
    }
  }

  /** Returns the endpoints that connections to the cluster address may reach. */
  private static List<Endpoint> used(ProxiedPort port, ProxyNode proxy) {
    EndpointSelection endpoints = proxy.select(port);
    return port.isInternallyLocal() ? endpoints.local() : endpoints.cluster();
  }

  private static boolean isNode(Endpoint endpoint, ProxyNode proxy) {
    return proxy.addresses().contains(endpoint.address());
  }
}
