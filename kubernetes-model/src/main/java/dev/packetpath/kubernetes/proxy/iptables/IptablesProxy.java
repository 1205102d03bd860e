package dev.packetpath.kubernetes.proxy.iptables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.ChainRules;
import dev.packetpath.kubernetes.text.RuleWriter;
import dev.packetpath.kubernetes.text.RulesetText;
import dev.packetpath.kubernetes.text.TableText;

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

  private IptablesProxy(ProxyNode node) {
    this.node = node;
    this.layout = IptablesLayout.of(node.config().version());
    this.plans =
        node.ports().stream()
            .map(port -> ServicePlan.of(port, node, layout))
            .collect(ImmutableList.toImmutableList());
    long endpoints = plans.stream().mapToLong(plan -> plan.port().endpoints().size()).sum();
    this.balancing =
        new Balancing(
            layout.probabilityDigits(),
            layout.endpointComments() && endpoints <= LARGE_CLUSTER_ENDPOINTS);
  }

  /** Adds the rules of a node to its tables, before those that are there. */
  public static void program(ProxyNode node, RulesetText rules) {
    new IptablesProxy(node).addTo(rules);
  }

  private void addTo(RulesetText rules) {
    rules.table(TableName.MANGLE).chain(ChainNames.CANARY, ChainRules.NONE);
    TableText filter = rules.table(TableName.FILTER);
    FilterFrame frame = new FilterFrame(node, layout);
    frame.addTo(filter);
    filter.chain(
        ChainNames.SERVICES,
        (chain, out) -> plans.forEach(plan -> rulesOf(plan).refusedInside(out)));
    filter.chain(
        ChainNames.EXTERNAL_SERVICES,
        (chain, out) -> plans.forEach(plan -> rulesOf(plan).refusedOutside(out)));
    if (!layout.marksDrops()) {
      filter.chain(
          ChainNames.PROXY_FIREWALL,
          (chain, out) -> plans.forEach(plan -> dropUnaccepted(chain, plan, out)));
    }
    if (frame.hasHealthChecks()) {
      filter.chain(
          ChainNames.NODE_PORTS,
          (chain, out) -> plans.forEach(plan -> acceptHealthCheck(chain, plan, out)));
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
          if (!node.nodePortIps().isEmpty()) {
            plans.forEach(plan -> rulesOf(plan).nodePorts(out));
          }
        });
    plans.forEach(plan -> rulesOf(plan).chains(nat));
  }

  private ServiceRules rulesOf(ServicePlan plan) {
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
