package dev.packetpath.kubernetes.proxy.iptables;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.ChainRules;
import dev.packetpath.kubernetes.text.RuleWriter;
import dev.packetpath.kubernetes.text.TableText;

/** What kube-proxy has in table filter whatever the Services. */
final class FilterFrame {
  private static final IpPrefix LOOPBACK = IpPrefix.parse("127.0.0.0/8");
  private static final String NEW = "conntrack --ctstate NEW";

  private final ProxyNode node;
  private final IptablesLayout layout;

  FilterFrame(ProxyNode node, IptablesLayout layout) {
    this.node = node;
    this.layout = layout;
  }

  /** Adds the jumps from the base chains, those of the last one first, and the fixed chains. */
  void addTo(TableText filter) {
    jumpIfNew(
        filter,
        Hook.INPUT,
        "kubernetes externally-visible service portals",
        ChainNames.EXTERNAL_SERVICES);
    if (hasExternalForward()) {
      jumpIfNew(
          filter,
          Hook.FORWARD,
          "kubernetes externally-visible service portals",
          ChainNames.EXTERNAL_SERVICES);
    }
    if (hasHealthChecks()) {
      filter.prepend(
          Hook.INPUT,
          (chain, rules) ->
              rules
                  .append(chain)
                  .comment("kubernetes health check service ports")
                  .jump(ChainNames.NODE_PORTS));
    }
    String portals = "kubernetes service portals";
    jumpIfNew(filter, Hook.FORWARD, portals, ChainNames.SERVICES);
    jumpIfNew(filter, Hook.OUTPUT, portals, ChainNames.SERVICES);
    if (layout.inputServices()) {
      jumpIfNew(filter, Hook.INPUT, portals, ChainNames.SERVICES);
    }
    filter.prepend(
        Hook.FORWARD,
        (chain, rules) ->
            rules.append(chain).comment("kubernetes forwarding rules").jump(ChainNames.FORWARD));
    filter.chain(ChainNames.FORWARD, this::forward);
    filter.standingChain(ChainNames.CANARY, ChainRules.NONE);
    if (!layout.marksDrops()) {
      String firewall = "kubernetes load balancer firewall";
      jumpIfNew(filter, Hook.INPUT, firewall, ChainNames.PROXY_FIREWALL);
      jumpIfNew(filter, Hook.OUTPUT, firewall, ChainNames.PROXY_FIREWALL);
      jumpIfNew(filter, Hook.FORWARD, firewall, ChainNames.PROXY_FIREWALL);
    }
    if (layout.blocksLocalnet() || layout.marksDrops()) {
      ChainRules jump = (chain, rules) -> rules.append(chain).jump(ChainNames.FIREWALL);
      filter.prepend(Hook.INPUT, jump);
      filter.prepend(Hook.OUTPUT, jump);
      if (layout.blocksLocalnet()) {
        filter.chain(ChainNames.FIREWALL, this::firewall);
      } else {
        filter.standingChain(ChainNames.FIREWALL, this::firewall);
      }
    }
  }

  private static void jumpIfNew(TableText filter, Hook from, String comment, String to) {
    filter.prepend(
        from, (chain, rules) -> rules.append(chain).match(NEW).comment(comment).jump(to));
  }

  /** Holds from 1.20 on, when load balancers' refusals moved to KUBE-EXTERNAL-SERVICES. */
  private boolean hasExternalForward() {
    return !layout.inputServices();
  }

  boolean hasHealthChecks() {
    return layout.healthChecks();
  }

  /** Writes the rules of KUBE-FIREWALL; up to 1.24 they are kubelet's. */
  void firewall(String chain, RuleWriter rules) {
    if (layout.marksDrops()) {
      MasqueradeRules.dropMarked(chain, rules);
    }
    if (node.family() == IpFamily.IPV4
        && (layout.marksDrops() || node.config().opensLocalhostNodePorts())) {
      rules
          .append(chain)
          .comment("block incoming localnet connections")
          .destination(LOOPBACK)
          .sourceNot(LOOPBACK)
          .match("conntrack ! --ctstate RELATED,ESTABLISHED,DNAT")
          .jump("DROP");
    }
  }

  private void forward(String chain, RuleWriter rules) {
    RuleWriter invalid = rules.append(chain).match("conntrack --ctstate INVALID");
    if (node.config().nfacct()) {
      invalid.match("nfacct --nfacct-name ct_state_invalid_dropped_pkts");
    }
    invalid.jump("DROP");
    MasqueradeRules masquerade = MasqueradeRules.of(node.config().version());
    masquerade.forwardMarked(chain, rules);
    masquerade.forwardEstablished(chain, node, rules);
  }
}
