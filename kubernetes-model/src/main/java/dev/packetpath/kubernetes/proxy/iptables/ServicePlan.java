package dev.packetpath.kubernetes.proxy.iptables;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.proxy.select.EndpointSelection;
import dev.packetpath.kubernetes.proxy.select.ProxiedPort;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.RuleWriter;
import java.util.IdentityHashMap;

/** What is decided about one port before its rules are written. */
final class ServicePlan {
  private final ProxiedPort port;
  private final EndpointSelection endpoints;
  private final String name;
  private final String hash;
  private final ImmutableList<IpAddress> externalIps;
  private final ImmutableList<IpAddress> loadBalancerIps;
  private final IdentityHashMap<Endpoint, String> endpointChains = new IdentityHashMap<>();

  private ServicePlan(ProxiedPort port, EndpointSelection endpoints, String name) {
    this.port = port;
    this.endpoints = endpoints;
    this.name = name;
    this.hash = ChainNames.hash(name + port.protocol());
    this.externalIps = port.externalIps();
    this.loadBalancerIps = port.loadBalancerIps();
  }

  static ServicePlan of(ProxiedPort port, ProxyNode node, IptablesLayout layout) {
    boolean colon = layout.colonForUnnamed() && port.port().name().isEmpty();
    return new ServicePlan(port, node.select(port), colon ? port.name() + ":" : port.name());
  }

  ProxiedPort port() {
    return port;
  }

  EndpointSelection endpoints() {
    return endpoints;
  }

  /** Returns what comments call the port. */
  String name() {
    return name;
  }

  /** Returns the name of one of the port's chains. */
  String chain(String prefix) {
    return prefix + hash;
  }

  /** Returns the name of the chain of one of the port's endpoints. Its hash is made once. */
  String chain(Endpoint endpoint) {
    return endpointChains.computeIfAbsent(
        endpoint,
        key -> ChainNames.ENDPOINT + ChainNames.hash(name + port.protocol() + key.hostPort()));
  }

  /** Returns whether traffic to the cluster address has somewhere to go. */
  boolean hasInternal() {
    return endpoints.hasAny() && !(port.isInternallyLocal() && endpoints.local().isEmpty());
  }

  /** Returns whether traffic from outside has somewhere to go. */
  boolean hasExternal() {
    return endpoints.hasAny() && !(port.isExternallyLocal() && endpoints.local().isEmpty());
  }

  /** Returns the chain that traffic to the cluster address enters. */
  String internalChain() {
    return chain(port.isInternallyLocal() ? ChainNames.LOCAL : ChainNames.SERVICE);
  }

  /** Returns the chain that traffic from outside is balanced in. */
  String externalPolicyChain() {
    return chain(port.isExternallyLocal() ? ChainNames.LOCAL : ChainNames.SERVICE);
  }

  /** Returns whether traffic from outside needs a chain of its own. */
  boolean hasExternalChain() {
    return endpoints.hasAny() && port.isExternallyAccessible();
  }

  /** Returns whether clients of the load balancer are told apart by address. */
  boolean hasFirewall() {
    return endpoints.hasAny() && !loadBalancerIps.isEmpty() && !port.sourceRanges().isEmpty();
  }

  ImmutableList<IpAddress> externalIps() {
    return externalIps;
  }

  ImmutableList<IpAddress> loadBalancerIps() {
    return loadBalancerIps;
  }

  /** Adds the tests for the port at one of its addresses. */
  @CanIgnoreReturnValue
  RuleWriter at(RuleWriter rule, String comment, IpAddress address) {
    return rule.comment(comment)
        .portProtocol(port.protocol().toString())
        .destination(address)
        .destinationPort(port.port().port());
  }

  /** Adds the tests for the node port. */
  @CanIgnoreReturnValue
  RuleWriter atNodePort(RuleWriter rule) {
    return rule.portProtocol(port.protocol().toString()).destinationPort(port.port().nodePort());
  }
}
