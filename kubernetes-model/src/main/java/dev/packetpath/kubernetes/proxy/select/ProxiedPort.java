package dev.packetpath.kubernetes.proxy.select;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.TrafficPolicy;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ServiceOrder;
import java.util.TreeMap;

/**
 * One port of a Service in one family: what kube-proxy programs at a time.
 *
 * @param service the Service
 * @param port the port
 * @param clusterIp the Service's cluster address of that family
 * @param internalPolicy which endpoints traffic to the cluster address may reach
 */
public record ProxiedPort(
    Service service, ServicePort port, IpAddress clusterIp, TrafficPolicy internalPolicy) {
  /** The first release that follows internalTrafficPolicy (its feature gate is on by default). */
  private static final int INTERNAL_POLICY = 22;

  /** The first release that keeps traffic to a cluster address apart from traffic from outside. */
  private static final int INTERNAL_APART = 24;

  /** Returns the ports that kube-proxy programs in one family, in an order. */
  public static ImmutableList<ProxiedPort> of(
      ImmutableList<Service> services, IpFamily family, ServiceOrder order) {
    ImmutableList.Builder<ProxiedPort> ports = ImmutableList.builder();
    for (Service service : order.arrange(services)) {
      for (IpAddress clusterIp : service.clusterIps()) {
        if (clusterIp.family() == family) {
          for (ServicePort port : service.ports()) {
            ports.add(new ProxiedPort(service, port, clusterIp, service.internalPolicy()));
          }
        }
      }
    }
    return ports.build();
  }

  /**
   * Returns the port as a release sees it on a node: up to 1.21 there is no internalTrafficPolicy;
   * in 1.22 and 1.23 it takes the other nodes' endpoints away from all traffic, unless
   * externalTrafficPolicy says more (kubernetes pkg/proxy/topology.go, FilterEndpoints).
   */
  ProxiedPort on(String node, KubeVersion version) {
    if (!isInternallyLocal() || version.atLeast(INTERNAL_APART)) {
      return this;
    }
    ServicePort seen = port;
    if (version.atLeast(INTERNAL_POLICY) && !isExternallyLocal()) {
      seen =
          new ServicePort(
              port.name(),
              port.protocol(),
              port.port(),
              port.nodePort(),
              port.endpoints().stream()
                  .filter(endpoint -> endpoint.node().equals(node))
                  .collect(ImmutableList.toImmutableList()));
    }
    return new ProxiedPort(service, seen, clusterIp, TrafficPolicy.CLUSTER);
  }

  /** Returns the family. */
  public IpFamily family() {
    return clusterIp.family();
  }

  /** Returns {@code namespace/name:port}, or {@code namespace/name} if the port has no name. */
  public String name() {
    return port.name().isEmpty()
        ? service.qualifiedName()
        : service.qualifiedName() + ":" + port.name();
  }

  /** Returns the protocol. */
  public ServiceProtocol protocol() {
    return port.protocol();
  }

  /** Returns the external addresses of the family. */
  public ImmutableList<IpAddress> externalIps() {
    return ofFamily(service.externalIps());
  }

  /** Returns the load balancer's addresses of the family. */
  public ImmutableList<IpAddress> loadBalancerIps() {
    return ofFamily(service.loadBalancerIps());
  }

  private ImmutableList<IpAddress> ofFamily(ImmutableList<IpAddress> addresses) {
    return addresses.stream()
        .filter(address -> address.family() == family())
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns where the load balancer's clients of the family may come from. */
  public ImmutableList<IpPrefix> sourceRanges() {
    return service.sourceRanges().stream()
        .filter(range -> range.family() == family())
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns whether the port is reachable by other addresses than the cluster address. */
  public boolean isExternallyAccessible() {
    return port.nodePort() != 0 || !externalIps().isEmpty() || !loadBalancerIps().isEmpty();
  }

  /** Returns whether traffic from outside stays on the node. */
  public boolean isExternallyLocal() {
    return service.externalPolicy() == TrafficPolicy.LOCAL && isExternallyAccessible();
  }

  /** Returns whether traffic to the cluster address stays on the node. */
  public boolean isInternallyLocal() {
    return internalPolicy == TrafficPolicy.LOCAL;
  }

  /** Returns whether any traffic may use all endpoints of the cluster. */
  public boolean usesClusterEndpoints() {
    return !isInternallyLocal() || isExternallyAccessible();
  }

  /** Returns whether any traffic may use the node's own endpoints alone. */
  public boolean usesLocalEndpoints() {
    return isInternallyLocal() || isExternallyLocal();
  }

  /**
   * Returns the endpoints of the family in the order of {@code address:port}. Where several
   * EndpointSlices have the same one, the first counts, but the last that is on the node goes
   * before it (kubernetes pkg/proxy/endpointslicecache.go; which slice comes first is random there,
   * and here as given).
   *
   * @param node the node's name
   */
  public ImmutableList<Endpoint> endpoints(String node) {
    TreeMap<String, Endpoint> byText = new TreeMap<>();
    for (Endpoint endpoint : port.endpoints()) {
      if (endpoint.address().family() == family()) {
        if (endpoint.node().equals(node)) {
          byText.put(endpoint.hostPort(), endpoint);
        } else {
          byText.putIfAbsent(endpoint.hostPort(), endpoint);
        }
      }
    }
    return ImmutableList.copyOf(byText.values());
  }
}
