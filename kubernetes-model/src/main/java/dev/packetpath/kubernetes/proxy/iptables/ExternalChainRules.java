package dev.packetpath.kubernetes.proxy.iptables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.proxy.select.LocalDetector;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.ChainRules;
import dev.packetpath.kubernetes.text.RuleWriter;
import dev.packetpath.kubernetes.text.TableText;

/**
 * The rules of a port from 1.24 on: traffic from outside enters a chain KUBE-EXT.
 *
 * <p>Source: kubernetes pkg/proxy/iptables/proxier.go.
 */
final class ExternalChainRules implements ServiceRules {
  private static final IpPrefix LOOPBACK = IpPrefix.parse("127.0.0.0/8");

  private final ServicePlan plan;
  private final ProxyNode node;
  private final IptablesLayout layout;
  private final Balancing balancing;

  ExternalChainRules(ServicePlan plan, ProxyNode node, IptablesLayout layout, Balancing balancing) {
    this.plan = plan;
    this.node = node;
    this.layout = layout;
    this.balancing = balancing;
  }

  private String externalChain() {
    return plan.chain(ChainNames.EXTERNAL);
  }

  private String firewallChain() {
    return plan.chain(ChainNames.SERVICE_FIREWALL);
  }

  @Override
  public void services(RuleWriter rules) {
    if (plan.hasInternal()) {
      plan.at(
              rules.append(ChainNames.SERVICES),
              plan.name() + " cluster IP",
              plan.port().clusterIp())
          .jump(plan.internalChain());
    }
    if (!plan.endpoints().hasAny()) {
      return;
    }
    for (IpAddress address : plan.externalIps()) {
      plan.at(rules.append(ChainNames.SERVICES), plan.name() + " external IP", address)
          .jump(externalChain());
    }
    for (IpAddress address : plan.loadBalancerIps()) {
      plan.at(rules.append(ChainNames.SERVICES), plan.name() + " loadbalancer IP", address)
          .jump(plan.hasFirewall() ? firewallChain() : externalChain());
    }
  }

  @Override
  public void nodePorts(RuleWriter rules) {
    if (plan.port().port().nodePort() == 0 || !plan.endpoints().hasAny()) {
      return;
    }
    if (node.config().nfacct()
        && node.config().opensLocalhostNodePorts()
        && node.family() == IpFamily.IPV4) {
      plan.atNodePort(
              rules.append(ChainNames.NODE_PORTS).comment(plan.name()).destination(LOOPBACK))
          .match("nfacct --nfacct-name localhost_nps_accepted_pkts")
          .jump(externalChain());
    }
    plan.atNodePort(rules.append(ChainNames.NODE_PORTS).comment(plan.name())).jump(externalChain());
  }

  @Override
  public void refusedInside(RuleWriter rules) {
    if (!plan.hasInternal()) {
      plan.at(rules.append(ChainNames.SERVICES), refusalComment(), plan.port().clusterIp());
      refuse(rules);
    }
  }

  @Override
  public void refusedOutside(RuleWriter rules) {
    if (plan.hasExternal()) {
      return;
    }
    for (IpAddress address : plan.externalIps()) {
      plan.at(rules.append(ChainNames.EXTERNAL_SERVICES), refusalComment(), address);
      refuse(rules);
    }
    for (IpAddress address : plan.loadBalancerIps()) {
      plan.at(rules.append(ChainNames.EXTERNAL_SERVICES), refusalComment(), address);
      refuse(rules);
    }
    if (plan.port().port().nodePort() != 0) {
      RuleWriter rule =
          rules
              .append(ChainNames.EXTERNAL_SERVICES)
              .comment(refusalComment())
              .match("addrtype --dst-type LOCAL");
      plan.atNodePort(rule);
      refuse(rule);
    }
  }

  private String refusalComment() {
    return plan.name()
        + (plan.endpoints().hasAny() ? " has no local endpoints" : " has no endpoints");
  }

  private void refuse(RuleWriter rule) {
    if (plan.endpoints().hasAny()) {
      rule.jump("DROP");
    } else {
      rule.reject();
    }
  }

  @Override
  public void chains(TableText nat) {
    if (plan.hasExternalChain()) {
      nat.chain(externalChain(), this::external);
    }
    if (plan.hasFirewall()) {
      nat.chain(firewallChain(), this::firewall);
    }
    if (!plan.endpoints().cluster().isEmpty()) {
      policyChain(nat, ChainNames.SERVICE, plan.endpoints().cluster());
    }
    if (!plan.endpoints().local().isEmpty()) {
      policyChain(nat, ChainNames.LOCAL, plan.endpoints().local());
    }
    for (Endpoint endpoint : plan.endpoints().reachable()) {
      nat.chain(
          plan.chain(endpoint), (chain, rules) -> balancing.endpoint(chain, plan, endpoint, rules));
    }
  }

  private void policyChain(TableText nat, String prefix, ImmutableList<Endpoint> endpoints) {
    String name = plan.chain(prefix);
    ChainRules choose = (chain, rules) -> balancing.choose(chain, plan, endpoints, rules);
    boolean internal = plan.hasInternal() && name.equals(plan.internalChain());
    ChainRules masquerade = this::masqueradeOutsiders;
    nat.chain(name, internal ? masquerade.and(choose) : choose);
  }

  private void masqueradeOutsiders(String chain, RuleWriter rules) {
    LocalDetector detector = node.localDetector();
    if (!node.config().masqueradeAll() && !detector.isImplemented()) {
      return;
    }
    RuleWriter rule = rules.append(chain);
    plan.at(rule, plan.name() + " cluster IP", plan.port().clusterIp());
    if (!node.config().masqueradeAll()) {
      detector.ifNotLocal(rule);
    }
    rule.jump(ChainNames.MARK_MASQ);
  }

  private void external(String chain, RuleWriter rules) {
    String what = plan.name() + " external destinations";
    if (!plan.port().isExternallyLocal()) {
      rules.append(chain).comment("masquerade traffic for " + what).jump(ChainNames.MARK_MASQ);
    } else {
      String anywhere = plan.chain(ChainNames.SERVICE);
      LocalDetector detector = node.localDetector();
      if (detector.isImplemented()) {
        RuleWriter rule = rules.append(chain).comment("pod traffic for " + what);
        detector.ifLocal(rule);
        rule.jump(anywhere);
      }
      rules
          .append(chain)
          .comment("masquerade LOCAL traffic for " + what)
          .match("addrtype --src-type LOCAL")
          .jump(ChainNames.MARK_MASQ);
      rules
          .append(chain)
          .comment("route LOCAL traffic for " + what)
          .match("addrtype --src-type LOCAL")
          .jump(anywhere);
    }
    if (plan.hasExternal()) {
      rules.append(chain).jump(plan.externalPolicyChain());
    }
  }

  private void firewall(String chain, RuleWriter rules) {
    boolean nodeAllowed = false;
    for (IpPrefix range : plan.port().sourceRanges()) {
      rules
          .append(chain)
          .comment(plan.name() + " loadbalancer IP")
          .source(range)
          .jump(externalChain());
      nodeAllowed |= node.primaryAddresses().stream().anyMatch(range::contains);
    }
    if (nodeAllowed) {
      for (IpAddress address : plan.loadBalancerIps()) {
        rules
            .append(chain)
            .comment(plan.name() + " loadbalancer IP")
            .source(address)
            .jump(externalChain());
      }
    }
    switch (layout.firewall()) {
      case MARK_DROP ->
          rules.append(chain).comment(plan.name() + " loadbalancer IP").jump(ChainNames.MARK_DROP);
      case PROXY_FIREWALL -> {}
      case PROXY_FIREWALL_WITH_NOTE ->
          rules
              .append(chain)
              .comment(
                  "other traffic to " + plan.name() + " will be dropped by KUBE-PROXY-FIREWALL")
              .end();
    }
  }
}
