package dev.packetpath.kubernetes.proxy.iptables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.ChainRules;
import dev.packetpath.kubernetes.text.RuleWriter;
import dev.packetpath.kubernetes.text.RulesetText;
import dev.packetpath.kubernetes.text.TableText;
import java.util.function.Predicate;

/**
 * kube-proxy in iptables mode: the rules of one node and family, with kubelet's chains that they
 * lean on.
 *
 * <p>Source: kubernetes pkg/proxy/iptables/proxier.go; what differs by release is in {@link
 * IptablesLayout}.
 */
public final class IptablesProxy {
  /** With more endpoints than these in the cluster, rules about endpoints have no comments. */
  private static final int LARGE_CLUSTER_ENDPOINTS = 1000;

  private final ProxyNode node;
  private final IptablesLayout layout;
  private final ImmutableList<ServicePlan> plans;
  private final Balancing balancing;

  private final boolean isLarge;

  private IptablesProxy(ProxyNode node) {
    this.node = node;
    this.layout = IptablesLayout.of(node.config().version());
    this.plans =
        node.ports().stream()
            .map(port -> ServicePlan.of(port, node, layout))
            .collect(ImmutableList.toImmutableList());
    this.isLarge =
        plans.stream().mapToLong(plan -> plan.endpoints().known()).sum() > LARGE_CLUSTER_ENDPOINTS;
    this.balancing =
        new Balancing(layout.probabilityDigits(), layout.endpointComments() && !isLarge);
  }

  /** Returns the kube-proxy of a node. */
  public static IptablesProxy of(ProxyNode node) {
    return new IptablesProxy(node);
  }

  /**
   * Returns whether there are so many endpoints that rules about them have no comments and old
   * chains are deleted at leisure.
   */
  public boolean isLarge() {
    return isLarge;
  }

  /** Adds the rules of the node to its tables, before those that are there. */
  public void addTo(RulesetText rules) {
    addTo(rules, service -> true);
  }

  /**
   * Adds the same without the own chains of Services that are not asked for.
   *
   * @param which the Services whose chains are added
   */
  public void addTo(RulesetText rules, Predicate<Service> which) {
    rules.table(TableName.MANGLE).standingChain(ChainNames.CANARY, ChainRules.NONE);
    TableText filter = rules.table(TableName.FILTER);
    FilterFrame frame = new FilterFrame(node, layout);
    frame.addTo(filter);
    filter.chain(ChainNames.SERVICES, (chain, out) -> refusedInside(out));
    filter.chain(ChainNames.EXTERNAL_SERVICES, (chain, out) -> refusedOutside(out));
    if (!layout.marksDrops()) {
      filter.chain(ChainNames.PROXY_FIREWALL, (chain, out) -> unaccepted(out));
    }
    if (frame.hasHealthChecks()) {
      filter.chain(ChainNames.NODE_PORTS, (chain, out) -> healthChecks(out));
    }

    TableText nat = rules.table(TableName.NAT);
    NatFrame natFrame = new NatFrame(node, layout);
    natFrame.addTo(nat);
    nat.chain(
        ChainNames.SERVICES,
        (chain, out) -> {
          plans.forEach(plan -> rulesOf(plan).services(out));
          natFrame.toNodePorts(out);
        });
    nat.chain(
        ChainNames.NODE_PORTS,
        (chain, out) -> {
          if (layout.nodePortsAnyway() || !node.nodePortIps().isEmpty()) {
            plans.forEach(plan -> rulesOf(plan).nodePorts(out));
          }
        });
    plans.stream()
        .filter(plan -> which.test(plan.port().service()))
        .forEach(plan -> rulesOf(plan).chains(nat));
  }

  /** Returns how many of the jumps from base chains are the kubelet's, not kube-proxy's. */
  public int jumpsOfKubelet() {
    return layout.marksDrops() ? 2 : 0;
  }

  ProxyNode node() {
    return node;
  }

  IptablesLayout layout() {
    return layout;
  }

  ImmutableList<ServicePlan> plans() {
    return plans;
  }

  void refusedInside(RuleWriter out) {
    plans.forEach(plan -> rulesOf(plan).refusedInside(out));
  }

  void refusedOutside(RuleWriter out) {
    plans.forEach(plan -> rulesOf(plan).refusedOutside(out));
  }

  void unaccepted(RuleWriter out) {
    plans.forEach(plan -> dropUnaccepted(ChainNames.PROXY_FIREWALL, plan, out));
  }

  void healthChecks(RuleWriter out) {
    plans.forEach(plan -> acceptHealthCheck(ChainNames.NODE_PORTS, plan, out));
  }

  /** Returns how many rules new connections from a Pod of the node to Services meet. */
  public RulesTraversed rulesTraversed(IpAddress pod, String device) {
    return new IptablesTraversal(this, pod, device).result();
  }

  ServiceRules rulesOf(ServicePlan plan) {
    return switch (layout.external()) {
      case XLB -> new LoadBalancerChainRules(plan, node, layout, balancing);
      case EXT -> new ExternalChainRules(plan, node, layout, balancing);
    };
  }

  private static void dropUnaccepted(String chain, ServicePlan plan, RuleWriter rules) {
    if (plan.hasFirewall()) {
      for (IpAddress address : plan.loadBalancerIps()) {
        String comment =
            plan.name() + " traffic not accepted by " + plan.chain(ChainNames.SERVICE_FIREWALL);
        plan.at(rules.append(chain), comment, address).jump("DROP");
      }
    }
  }

  private static void acceptHealthCheck(String chain, ServicePlan plan, RuleWriter rules) {
    int port = plan.port().service().healthCheckNodePort();
    if (port != 0) {
      rules
          .append(chain)
          .comment(plan.name() + " health check node port")
          .portProtocol("tcp")
          .destinationPort(port)
          .jump("ACCEPT");
    }
  }
}
