package dev.packetpath.kubernetes.proxy.ipvs;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.proxy.iptables.MasqueradeRules;
import dev.packetpath.kubernetes.proxy.select.LocalDetector;
import dev.packetpath.kubernetes.proxy.select.ProxiedPort;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.ChainRules;
import dev.packetpath.kubernetes.text.RuleWriter;
import dev.packetpath.kubernetes.text.RulesetText;
import dev.packetpath.kubernetes.text.TableText;
import java.util.List;

/**
 * The rules beside the virtual servers; in table nat and in the firewall those about an empty set
 * are left out, as kube-proxy does.
 */
final class IpvsRules {
  private static final IpPrefix LOOPBACK_V4 = IpPrefix.parse("127.0.0.0/8");
  private static final IpPrefix LOOPBACK_V6 = IpPrefix.parse("::1/128");
  private static final String SERVICES = "KUBE-SERVICES";
  private static final String LOAD_BALANCER = "KUBE-LOAD-BALANCER";
  private static final String NODE_PORT = "KUBE-NODE-PORT";
  private static final String FIREWALL = "KUBE-FIREWALL";
  private static final String FORWARD = "KUBE-FORWARD";
  private static final String PROXY_FIREWALL = "KUBE-PROXY-FIREWALL";
  private static final String SOURCE_RANGES = "KUBE-SOURCE-RANGES-FIREWALL";
  private static final String IPVS_FILTER = "KUBE-IPVS-FILTER";
  private static final String IPVS_OUT_FILTER = "KUBE-IPVS-OUT-FILTER";

  /** The first release whose firewall is in table filter (kubernetes pull request 110628). */
  private static final int FILTER_FIREWALL = 25;

  /** The first release that drops what leaves out a load balancer (pull request 119791). */
  private static final int OUT_FILTER = 29;

  /** The first release that leaves the loopback's own traffic alone (pull request 112950). */
  private static final int LOOPBACK_RETURNS = 26;

  private final ProxyNode node;
  private final IpvsServices services;
  private final boolean filterFirewall;
  private final MasqueradeRules masquerade;

  IpvsRules(ProxyNode node, IpvsServices services) {
    this.node = node;
    this.services = services;
    this.filterFirewall = node.config().version().atLeast(FILTER_FIREWALL);
    this.masquerade = MasqueradeRules.of(node.config().version());
  }

  void addTo(RulesetText rules) {
    TableText nat = rules.table(TableName.NAT);
    ChainRules toServices = jump("kubernetes service portals", SERVICES);
    nat.prepend(Hook.OUTPUT, toServices);
    nat.prepend(Hook.PREROUTING, toServices);
    nat.prepend(
        Hook.POSTROUTING, jump("kubernetes postrouting rules", MasqueradeRules.POSTROUTING));
    ChainRules hairpin =
        (chain, out) -> {
          if (has(IpvsSet.LOOP_BACK)) {
            matching(out.append(chain), IpvsSet.LOOP_BACK).jump("MASQUERADE");
          }
        };
    nat.chain(MasqueradeRules.POSTROUTING, hairpin.and(masquerade::postrouting));
    nat.chain(MasqueradeRules.MARK_MASQ, masquerade::mark);
    nat.chain(SERVICES, this::services);
    nat.chain(LOAD_BALANCER, this::loadBalancer);
    nat.chain(NODE_PORT, this::nodePorts);

    TableText filter = rules.table(TableName.FILTER);
    filter.prepend(Hook.FORWARD, jump("kubernetes forwarding rules", FORWARD));
    filter.chain(FORWARD, this::forward);
    if (exists(IpvsSet.HEALTH_CHECK_NODE_PORT)) {
      filter.prepend(Hook.INPUT, jump("kubernetes health check rules", NODE_PORT));
      filter.chain(NODE_PORT, this::healthChecks);
    }
    if (filterFirewall) {
      filter.prepend(Hook.INPUT, jump("kube-proxy firewall rules", PROXY_FIREWALL));
      filter.prepend(Hook.FORWARD, jump("kube-proxy firewall rules", PROXY_FIREWALL));
      filter.chain(PROXY_FIREWALL, this::proxyFirewall);
      filter.chain(SOURCE_RANGES, (chain, out) -> sourceRanges(chain, out, "DROP"));
    }
    if (exists(IpvsSet.IPVS_IPS)) {
      filter.prepend(Hook.INPUT, jump("kubernetes ipvs access filter", IPVS_FILTER));
      filter.chain(IPVS_FILTER, this::ipvsFilter);
    }
    if (node.config().version().atLeast(OUT_FILTER)) {
      filter.prepend(Hook.OUTPUT, jump("kubernetes ipvs access filter", IPVS_OUT_FILTER));
      filter.chain(IPVS_OUT_FILTER, this::ipvsOutFilter);
    }
    if (!filterFirewall) {
      nat.chain(FIREWALL, (chain, out) -> sourceRanges(chain, out, MasqueradeRules.MARK_DROP));
      nat.standingChain(MasqueradeRules.MARK_DROP, MasqueradeRules::markDrop);
      filter.prepend(Hook.INPUT, jump(FIREWALL));
      filter.prepend(Hook.OUTPUT, jump(FIREWALL));
      filter.standingChain(FIREWALL, MasqueradeRules::dropMarked);
    }
  }

  private static ChainRules jump(String comment, String to) {
    return (chain, rules) -> rules.append(chain).comment(comment).jump(to);
  }

  private static ChainRules jump(String to) {
    return (chain, rules) -> rules.append(chain).jump(to);
  }

  private boolean exists(IpvsSet set) {
    return set.existsIn(node.config().version());
  }

  private boolean has(IpvsSet set) {
    return !services.set(set).isEmpty();
  }

  private RuleWriter matching(RuleWriter rule, IpvsSet set) {
    return matching(rule, set, set.directions());
  }

  private RuleWriter matching(RuleWriter rule, IpvsSet set, String directions) {
    return bare(rule.comment(set.comment()), set, directions);
  }

  /** Adds the look-up without the comment that names its purpose. */
  private RuleWriter bare(RuleWriter rule, IpvsSet set) {
    return bare(rule, set, set.directions());
  }

  private RuleWriter bare(RuleWriter rule, IpvsSet set, String directions) {
    return rule.match("set --match-set " + set.name(node.family()) + " " + directions);
  }

  private void services(String chain, RuleWriter rules) {
    if (node.config().version().atLeast(LOOPBACK_RETURNS)) {
      IpPrefix loopback = node.family() == IpFamily.IPV4 ? LOOPBACK_V4 : LOOPBACK_V6;
      rules.append(chain).source(loopback).jump("RETURN");
    }
    if (has(IpvsSet.LOAD_BALANCER)) {
      matching(rules.append(chain), IpvsSet.LOAD_BALANCER).jump(LOAD_BALANCER);
    }
    masqueradeClusterIps(chain, rules);
    if (has(IpvsSet.EXTERNAL_IP)) {
      matching(rules.append(chain), IpvsSet.EXTERNAL_IP).jump(MasqueradeRules.MARK_MASQ);
      acceptExternal(chain, IpvsSet.EXTERNAL_IP, rules);
    }
    if (has(IpvsSet.EXTERNAL_IP_LOCAL)) {
      acceptExternal(chain, IpvsSet.EXTERNAL_IP_LOCAL, rules);
    }
    rules.append(chain).match("addrtype --dst-type LOCAL").jump(NODE_PORT);
    for (IpvsSet set : List.of(IpvsSet.CLUSTER_IP, IpvsSet.LOAD_BALANCER)) {
      if (has(set)) {
        bare(rules.append(chain), set).jump("ACCEPT");
      }
    }
  }

  private void masqueradeClusterIps(String chain, RuleWriter rules) {
    if (!has(IpvsSet.CLUSTER_IP)) {
      return;
    }
    LocalDetector detector = node.localDetector();
    RuleWriter rule = rules.append(chain);
    if (node.config().masqueradeAll()) {
      matching(rule, IpvsSet.CLUSTER_IP);
    } else if (detector.isImplemented()) {
      matching(rule, IpvsSet.CLUSTER_IP);
      detector.ifNotLocal(rule);
    } else {
      matching(rule, IpvsSet.CLUSTER_IP, "src,dst");
    }
    rule.jump(MasqueradeRules.MARK_MASQ);
  }

  /**
   * Accepts what comes from elsewhere than a bridged Pod or the node itself, or is for the node.
   */
  private void acceptExternal(String chain, IpvsSet set, RuleWriter rules) {
    matching(rules.append(chain), set)
        .match("physdev ! --physdev-is-in")
        .match("addrtype ! --src-type LOCAL")
        .jump("ACCEPT");
    matching(rules.append(chain), set).match("addrtype --dst-type LOCAL").jump("ACCEPT");
  }

  private void loadBalancer(String chain, RuleWriter rules) {
    if (!filterFirewall && has(IpvsSet.LOAD_BALANCER_FIREWALL)) {
      matching(rules.append(chain), IpvsSet.LOAD_BALANCER_FIREWALL).jump(FIREWALL);
    }
    if (has(IpvsSet.LOAD_BALANCER_LOCAL)) {
      matching(rules.append(chain), IpvsSet.LOAD_BALANCER_LOCAL).jump("RETURN");
    }
    rules.append(chain).jump(MasqueradeRules.MARK_MASQ);
  }

  private void nodePorts(String chain, RuleWriter rules) {
    nodePorts(chain, "tcp", IpvsSet.NODE_PORT_TCP, IpvsSet.NODE_PORT_LOCAL_TCP, rules);
    nodePorts(chain, "udp", IpvsSet.NODE_PORT_UDP, IpvsSet.NODE_PORT_LOCAL_UDP, rules);
    nodePorts(chain, "sctp", IpvsSet.NODE_PORT_SCTP, IpvsSet.NODE_PORT_LOCAL_SCTP, rules);
  }

  private void nodePorts(
      String chain, String protocol, IpvsSet all, IpvsSet local, RuleWriter rules) {
    if (has(local)) {
      matching(rules.append(chain).protocol(protocol), local).jump("RETURN");
    }
    if (has(all)) {
      matching(rules.append(chain).protocol(protocol), all).jump(MasqueradeRules.MARK_MASQ);
    }
  }

  private void forward(String chain, RuleWriter rules) {
    masquerade.forwardMarked(chain, rules);
    masquerade.forwardEstablished(chain, node, rules);
  }

  private void healthChecks(String chain, RuleWriter rules) {
    matching(rules.append(chain), IpvsSet.HEALTH_CHECK_NODE_PORT).jump("ACCEPT");
  }

  private void proxyFirewall(String chain, RuleWriter rules) {
    if (has(IpvsSet.LOAD_BALANCER_FIREWALL)) {
      matching(rules.append(chain), IpvsSet.LOAD_BALANCER_FIREWALL).jump(SOURCE_RANGES);
    }
  }

  private void sourceRanges(String chain, RuleWriter rules, String otherwise) {
    for (IpvsSet set :
        List.of(IpvsSet.LOAD_BALANCER_SOURCE_CIDR, IpvsSet.LOAD_BALANCER_SOURCE_IP)) {
      if (has(set)) {
        matching(rules.append(chain), set).jump("RETURN");
      }
    }
    rules.append(chain).jump(otherwise);
  }

  private void ipvsFilter(String chain, RuleWriter rules) {
    for (IpvsSet set :
        List.of(
            IpvsSet.LOAD_BALANCER,
            IpvsSet.CLUSTER_IP,
            IpvsSet.EXTERNAL_IP,
            IpvsSet.EXTERNAL_IP_LOCAL,
            IpvsSet.HEALTH_CHECK_NODE_PORT)) {
      bare(rules.append(chain), set).jump("RETURN");
    }
    bare(rules.append(chain).match("conntrack --ctstate NEW"), IpvsSet.IPVS_IPS).reject();
  }

  /** Drops the node's own way around a load balancer whose source ranges leave the node out. */
  private void ipvsOutFilter(String chain, RuleWriter rules) {
    for (ProxiedPort port : node.ports()) {
      boolean allowed =
          port.sourceRanges().isEmpty()
              || port.sourceRanges().stream()
                  .anyMatch(range -> node.primaryAddresses().stream().anyMatch(range::contains));
      if (!allowed) {
        for (IpAddress address : port.loadBalancerIps()) {
          rules
              .append(chain)
              .source(address)
              .match(
                  "ipvs --vaddr "
                      + address
                      + " --vproto "
                      + port.protocol()
                      + " --vport "
                      + port.port().port(),
                  "ipvs --vproto "
                      + port.protocol().number()
                      + " --vaddr "
                      + IpPrefix.host(address)
                      + " --vport "
                      + port.port().port())
              .jump("DROP");
        }
      }
    }
  }
}
