package dev.packetpath.kubernetes.proxy.ipvs;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.proxy.select.EndpointSelection;
import dev.packetpath.kubernetes.proxy.select.ProxiedPort;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.SetText;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the virtual servers, the addresses of kube-ipvs0 and the sets of one node and family. */
final class IpvsServices {
  private final ProxyNode node;
  private final Map<VirtualServer.Key, VirtualServer> servers = new LinkedHashMap<>();
  private final Set<IpAddress> boundAddresses = new LinkedHashSet<>();
  private final Map<IpvsSet, SetText> sets = new EnumMap<>(IpvsSet.class);

  IpvsServices(ProxyNode node) {
    this.node = node;
    for (IpvsSet set : IpvsSet.values()) {
      sets.put(set, set.create(node.family()));
    }
    node.ports().forEach(this::add);
    boundAddresses.removeAll(node.addresses());
    boundAddresses.forEach(address -> addTo(IpvsSet.IPVS_IPS, address.toString()));
  }

  ImmutableList<VirtualServer> servers() {
    return ImmutableList.copyOf(servers.values());
  }

  ImmutableList<IpAddress> boundAddresses() {
    return ImmutableList.copyOf(boundAddresses);
  }

  SetText set(IpvsSet set) {
    SetText text = sets.get(set);
    if (text == null) {
      throw new AssertionError(set);
    }
    return text;
  }

  /** Returns the sets that the release makes. */
  ImmutableList<SetText> sets() {
    return sets.entrySet().stream()
        .filter(set -> set.getKey().existsIn(node.config().version()))
        .map(Map.Entry::getValue)
        .collect(ImmutableList.toImmutableList());
  }

  private void addTo(IpvsSet set, String entry) {
    set(set).add(entry);
  }

  private void add(ProxiedPort port) {
    EndpointSelection endpoints = node.select(port);
    for (Endpoint endpoint : port.endpoints(node.node().name())) {
      if (endpoint.node().equals(node.node().name())) {
        String at = endpoint.address() + "," + port.protocol() + ":" + endpoint.port();
        addTo(IpvsSet.LOOP_BACK, at + "," + endpoint.address());
      }
    }
    addTo(IpvsSet.CLUSTER_IP, at(port, port.clusterIp()));
    bind(port, port.clusterIp(), endpoints, port.isInternallyLocal());
    for (IpAddress address : port.externalIps()) {
      addTo(
          port.isExternallyLocal() ? IpvsSet.EXTERNAL_IP_LOCAL : IpvsSet.EXTERNAL_IP,
          at(port, address));
      bind(port, address, endpoints, port.isExternallyLocal());
    }
    for (IpAddress address : port.loadBalancerIps()) {
      addLoadBalancer(port, address);
      bind(port, address, endpoints, port.isExternallyLocal());
    }
    if (port.port().nodePort() != 0) {
      List<IpAddress> addresses = nodePortAddresses();
      if (addresses.isEmpty()) {
        return; // kube-proxy passes over the health check too
      }
      addNodePort(port, endpoints, addresses);
    }
    int healthCheck = port.service().healthCheckNodePort();
    if (healthCheck != 0) {
      addTo(IpvsSet.HEALTH_CHECK_NODE_PORT, Integer.toString(healthCheck));
    }
  }

  private static String at(ProxiedPort port, IpAddress address) {
    return at(port.protocol(), address, port.port().port());
  }

  private static String at(ServiceProtocol protocol, IpAddress address, int port) {
    return address + "," + protocol + ":" + port;
  }

  private void bind(
      ProxiedPort port, IpAddress address, EndpointSelection endpoints, boolean local) {
    boundAddresses.add(address);
    serve(port, address, port.port().port(), endpoints, local);
  }

  /**
   * Adds a virtual server, in place of one that the address and port had of another Service or for
   * another reason; where no endpoint is local, those of the cluster serve.
   */
  private void serve(
      ProxiedPort port, IpAddress address, int number, EndpointSelection endpoints, boolean local) {
    VirtualServer server =
        new VirtualServer(
            port.protocol(),
            address,
            number,
            node.config().scheduler(),
            port.service().affinitySeconds(),
            local && !endpoints.local().isEmpty() ? endpoints.local() : endpoints.cluster());
    servers.put(server.key(), server);
  }

  private void addLoadBalancer(ProxiedPort port, IpAddress address) {
    String at = at(port, address);
    addTo(IpvsSet.LOAD_BALANCER, at);
    if (port.isExternallyLocal()) {
      addTo(IpvsSet.LOAD_BALANCER_LOCAL, at);
    }
    if (port.sourceRanges().isEmpty()) {
      return;
    }
    addTo(IpvsSet.LOAD_BALANCER_FIREWALL, at);
    boolean nodeAllowed = false;
    for (IpPrefix range : port.sourceRanges()) {
      nodeAllowed |= node.primaryAddresses().stream().anyMatch(range::contains);
      for (IpPrefix part : range.length() == 0 ? halves(range) : List.of(range)) {
        addTo(IpvsSet.LOAD_BALANCER_SOURCE_CIDR, at + "," + listed(part));
      }
    }
    if (nodeAllowed) {
      addTo(IpvsSet.LOAD_BALANCER_SOURCE_IP, at + "," + address);
    }
  }

  /** Returns a network as {@code ipset} lists it: of a single address, without its length. */
  private static Object listed(IpPrefix net) {
    return net.length() == net.family().bits() ? net.address() : net;
  }

  /** Returns the halves of all addresses: a hash of networks takes no /0. */
  private static List<IpPrefix> halves(IpPrefix all) {
    IpAddress first = all.address();
    IpAddress middle =
        switch (all.family()) {
          case IPV4 -> IpAddress.ipv4(1 << 31);
          case IPV6 -> IpAddress.ipv6(1L << 63, 0);
        };
    return List.of(IpPrefix.of(first, 1), IpPrefix.of(middle, 1));
  }

  private List<IpAddress> nodePortAddresses() {
    return node.nodePortIps().stream().filter(address -> !address.isLoopback()).toList();
  }

  private void addNodePort(
      ProxiedPort port, EndpointSelection endpoints, List<IpAddress> addresses) {
    int number = port.port().nodePort();
    for (IpAddress address : addresses) {
      serve(port, address, number, endpoints, port.isExternallyLocal());
    }
    boolean local = port.isExternallyLocal();
    String bit = Integer.toString(number);
    switch (port.protocol()) {
      case TCP -> addNodePort(IpvsSet.NODE_PORT_TCP, IpvsSet.NODE_PORT_LOCAL_TCP, local, bit);
      case UDP -> addNodePort(IpvsSet.NODE_PORT_UDP, IpvsSet.NODE_PORT_LOCAL_UDP, local, bit);
      case SCTP -> {
        for (IpAddress address : addresses) {
          String entry = at(ServiceProtocol.SCTP, address, number);
          addNodePort(IpvsSet.NODE_PORT_SCTP, IpvsSet.NODE_PORT_LOCAL_SCTP, local, entry);
        }
      }
    }
  }

  private void addNodePort(IpvsSet all, IpvsSet localOnes, boolean local, String entry) {
    addTo(all, entry);
    if (local) {
      addTo(localOnes, entry);
    }
  }
}
