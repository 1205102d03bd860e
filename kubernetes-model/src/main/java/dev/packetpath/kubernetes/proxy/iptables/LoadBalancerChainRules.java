package dev.packetpath.kubernetes.proxy.iptables;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.proxy.select.LocalDetector;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.ChainRules;
import dev.packetpath.kubernetes.text.RuleWriter;
import dev.packetpath.kubernetes.text.TableText;

/**
 * The rules of a port up to 1.23: traffic from outside enters KUBE-SVC, or KUBE-XLB where it stays
 * on the node; a load balancer's goes by KUBE-FW. Up to 1.20 the rules that masquerade stand before
 * the jumps, in KUBE-SERVICES and KUBE-NODEPORTS; in 1.21 to 1.23 at the start of KUBE-SVC.
 *
 * <p>Source: kubernetes pkg/proxy/iptables/proxier.go of those releases.
 */
final class LoadBalancerChainRules implements ServiceRules {
  private static final IpPrefix LOOPBACK_V4 = IpPrefix.parse("127.0.0.0/8");
  private static final IpPrefix LOOPBACK_V6 = IpPrefix.parse("::1/128");

  private final ServicePlan plan;
  private final ProxyNode node;
  private final IptablesLayout layout;
  private final Balancing balancing;

  LoadBalancerChainRules(
      ServicePlan plan, ProxyNode node, IptablesLayout layout, Balancing balancing) {
    this.plan = plan;
    this.node = node;
    this.layout = layout;
    this.balancing = balancing;
  }

  private boolean hasEndpoints() {
    return plan.endpoints().hasAny();
  }

  private boolean staysLocal() {
    return plan.port().isExternallyLocal();
  }

  private String firewallChain() {
    return plan.chain(ChainNames.SERVICE_FIREWALL);
  }

  private String localChain() {
    return plan.chain(ChainNames.LOAD_BALANCER);
  }

  private String serviceChain() {
    return plan.chain(ChainNames.SERVICE);
  }

  @Override
  public void services(RuleWriter rules) {
    if (!hasEndpoints()) {
      return;
    }
    if (layout.masqueradeInServices()) {
      masqueradeOutsiders(ChainNames.SERVICES, rules);
    }
    plan.at(rules.append(ChainNames.SERVICES), clusterIpComment(), plan.port().clusterIp())
        .jump(serviceChain());
    for (IpAddress address : plan.externalIps()) {
      externalIp(address, rules);
    }
    for (IpAddress address : plan.loadBalancerIps()) {
      plan.at(rules.append(ChainNames.SERVICES), plan.name() + " loadbalancer IP", address)
          .jump(firewallChain());
    }
  }

  private String clusterIpComment() {
    return plan.name() + " cluster IP";
  }

  private void masqueradeOutsiders(String chain, RuleWriter rules) {
    LocalDetector detector = node.localDetector();
    if (!node.config().masqueradeAll() && !detector.isImplemented()) {
      return;
    }
    RuleWriter rule = plan.at(rules.append(chain), clusterIpComment(), plan.port().clusterIp());
    if (!node.config().masqueradeAll()) {
      detector.ifNotLocal(rule);
    }
    rule.jump(ChainNames.MARK_MASQ);
  }

  private void externalIp(IpAddress address, RuleWriter rules) {
    if (!layout.masqueradeInServices()) {
      atExternalIp(ChainNames.SERVICES, address, rules)
          .jump(staysLocal() ? localChain() : serviceChain());
      return;
    }
    boolean stays = staysLocal() && layout.externalIpsStay();
    String to = stays ? localChain() : serviceChain();
    if (!stays) {
      atExternalIp(ChainNames.SERVICES, address, rules).jump(ChainNames.MARK_MASQ);
    }
    atExternalIp(ChainNames.SERVICES, address, rules)
        .match("physdev ! --physdev-is-in")
        .match("addrtype ! --src-type LOCAL")
        .jump(to);
    atExternalIp(ChainNames.SERVICES, address, rules).match("addrtype --dst-type LOCAL").jump(to);
  }

  private RuleWriter atExternalIp(String chain, IpAddress address, RuleWriter rules) {
    return plan.at(rules.append(chain), plan.name() + " external IP", address);
  }

  @Override
  public void nodePorts(RuleWriter rules) {
    if (plan.port().port().nodePort() == 0 || !hasEndpoints()) {
      return;
    }
    if (staysLocal()) {
      plan.atNodePort(rules.append(ChainNames.NODE_PORTS).comment(plan.name()))
          .source(
              switch (node.family()) {
                case IPV4 -> LOOPBACK_V4;
                case IPV6 -> LOOPBACK_V6;
              })
          .jump(ChainNames.MARK_MASQ);
    } else if (layout.masqueradeInServices()) {
      plan.atNodePort(rules.append(ChainNames.NODE_PORTS).comment(plan.name()))
          .jump(ChainNames.MARK_MASQ);
    }
    plan.atNodePort(rules.append(ChainNames.NODE_PORTS).comment(plan.name()))
        .jump(staysLocal() ? localChain() : serviceChain());
  }

  @Override
  public void refusedInside(RuleWriter rules) {
    if (hasEndpoints()) {
      return;
    }
    refuse(ChainNames.SERVICES, plan.port().clusterIp(), rules);
    if (layout.inputServices()) {
      plan.loadBalancerIps().forEach(address -> refuse(ChainNames.SERVICES, address, rules));
    }
  }

  @Override
  public void refusedOutside(RuleWriter rules) {
    if (hasEndpoints()) {
      return;
    }
    plan.externalIps().forEach(address -> refuse(ChainNames.EXTERNAL_SERVICES, address, rules));
    if (!layout.inputServices()) {
      plan.loadBalancerIps()
          .forEach(address -> refuse(ChainNames.EXTERNAL_SERVICES, address, rules));
    }
    if (plan.port().port().nodePort() != 0) {
      RuleWriter rule =
          rules
              .append(ChainNames.EXTERNAL_SERVICES)
              .comment(plan.name() + " has no endpoints")
              .match("addrtype --dst-type LOCAL");
      plan.atNodePort(rule).reject();
    }
  }

  private void refuse(String chain, IpAddress address, RuleWriter rules) {
    plan.at(rules.append(chain), plan.name() + " has no endpoints", address).reject();
  }

  @Override
  public void chains(TableText nat) {
    if (staysLocal()) {
      nat.chain(localChain(), hasEndpoints() ? this::local : ChainRules.NONE);
    }
    if (!hasEndpoints()) {
      return;
    }
    nat.chain(serviceChain(), this::service);
    if (!plan.loadBalancerIps().isEmpty()) {
      nat.chain(firewallChain(), this::firewall);
    }
    for (Endpoint endpoint : plan.endpoints().reachable()) {
      nat.chain(
          plan.chain(endpoint), (chain, rules) -> balancing.endpoint(chain, plan, endpoint, rules));
    }
  }

  private void service(String chain, RuleWriter rules) {
    if (!layout.masqueradeInServices()) {
      masqueradeOutsiders(chain, rules);
      if (!staysLocal()) {
        masqueradeOutsideTraffic(chain, rules);
      }
    }
    balancing.choose(chain, plan, plan.endpoints().cluster(), rules);
  }

  private void masqueradeOutsideTraffic(String chain, RuleWriter rules) {
    LocalDetector detector = node.localDetector();
    for (IpAddress address : plan.externalIps()) {
      RuleWriter rule = atExternalIp(chain, address, rules);
      if (detector.isImplemented()) {
        detector.ifNotLocal(rule);
      }
      rule.jump(ChainNames.MARK_MASQ);
    }
    if (plan.port().port().nodePort() != 0) {
      plan.atNodePort(rules.append(chain).comment(plan.name())).jump(ChainNames.MARK_MASQ);
    }
  }

  private void local(String chain, RuleWriter rules) {
    LocalDetector detector = node.localDetector();
    if (detector.isImplemented()) {
      RuleWriter rule =
          rules
              .append(chain)
              .comment("Redirect pods trying to reach external loadbalancer VIP to clusterIP");
      detector.ifLocal(rule);
      rule.jump(serviceChain());
    }
    if (layout.ownTrafficPasses()) {
      ownTraffic(chain, rules);
    }
    ImmutableList<Endpoint> endpoints = plan.endpoints().local();
    if (endpoints.isEmpty()) {
      rules
          .append(chain)
          .comment(plan.name() + " has no local endpoints")
          .jump(ChainNames.MARK_DROP);
      return;
    }
    balancing.keepClients(chain, plan, endpoints, rules);
    for (int i = 0; i < endpoints.size(); i++) {
      RuleWriter rule = rules.append(chain).comment("Balancing rule " + i + " for " + plan.name());
      if (i < endpoints.size() - 1) {
        balancing.oneOf(rule, endpoints.size() - i);
      }
      rule.jump(plan.chain(endpoints.get(i)));
    }
  }

  private void ownTraffic(String chain, RuleWriter rules) {
    String loadBalancerIp = " traffic for " + plan.name() + " LB IP";
    rules
        .append(chain)
        .comment("masquerade LOCAL" + loadBalancerIp)
        .match("addrtype --src-type LOCAL")
        .jump(ChainNames.MARK_MASQ);
    rules
        .append(chain)
        .comment("route LOCAL" + loadBalancerIp + " to service chain")
        .match("addrtype --src-type LOCAL")
        .jump(serviceChain());
  }

  /** The rules come once more for each address; that of its own traffic alone names it. */
  private void firewall(String chain, RuleWriter rules) {
    plan.loadBalancerIps().forEach(address -> firewall(chain, address, rules));
  }

  private void firewall(String chain, IpAddress address, RuleWriter rules) {
    String comment = plan.name() + " loadbalancer IP";
    if (!staysLocal()) {
      rules.append(chain).comment(comment).jump(ChainNames.MARK_MASQ);
    }
    String to = staysLocal() ? localChain() : serviceChain();
    if (plan.port().sourceRanges().isEmpty()) {
      rules.append(chain).comment(comment).jump(to);
    }
    boolean nodeAllowed = false;
    for (IpPrefix range : plan.port().sourceRanges()) {
      rules.append(chain).comment(comment).source(range).jump(to);
      nodeAllowed |= node.primaryAddresses().stream().anyMatch(range::contains);
    }
    if (nodeAllowed) {
      rules.append(chain).comment(comment).source(address).jump(to);
    }
    rules.append(chain).comment(comment).jump(ChainNames.MARK_DROP);
  }
}
