package dev.packetpath.kubernetes.proxy.iptables;

import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.ChainRules;
import dev.packetpath.kubernetes.text.RuleWriter;
import dev.packetpath.kubernetes.text.TableText;

/** What kube-proxy has in table nat whatever the Services. */
final class NatFrame {
  private static final String LAST_OF_SERVICES =
      "kubernetes service nodeports; NOTE: this must be the last rule in this chain";
  private static final IpPrefix LOOPBACK_V4 = IpPrefix.parse("127.0.0.0/8");
  private static final IpPrefix LOOPBACK_V6 = IpPrefix.parse("::1/128");

  private final ProxyNode node;
  private final IptablesLayout layout;

  NatFrame(ProxyNode node, IptablesLayout layout) {
    this.node = node;
    this.layout = layout;
  }

  /** Adds the jumps from the base chains and the fixed chains. */
  void addTo(TableText nat) {
    ChainRules toServices =
        (chain, rules) ->
            rules.append(chain).comment("kubernetes service portals").jump(ChainNames.SERVICES);
    nat.prepend(Hook.OUTPUT, toServices);
    nat.prepend(Hook.PREROUTING, toServices);
    nat.prepend(
        Hook.POSTROUTING,
        (chain, rules) ->
            rules
                .append(chain)
                .comment("kubernetes postrouting rules")
                .jump(ChainNames.POSTROUTING));
    nat.standingChain(ChainNames.CANARY, ChainRules.NONE);
    MasqueradeRules masquerade = MasqueradeRules.of(node.config().version());
    nat.chain(ChainNames.POSTROUTING, masquerade::postrouting);
    nat.chain(ChainNames.MARK_MASQ, masquerade::mark);
    if (layout.marksDrops()) {
      nat.standingChain(ChainNames.MARK_DROP, MasqueradeRules::markDrop);
    }
  }

  /** Writes the end of KUBE-SERVICES: what else is for the node goes by node port. */
  void toNodePorts(RuleWriter rules) {
    if (!node.nodePortsEverywhere()) {
      for (IpAddress address : node.nodePortIps()) {
        rules
            .append(ChainNames.SERVICES)
            .comment(LAST_OF_SERVICES)
            .destination(address)
            .jump(ChainNames.NODE_PORTS);
      }
      return;
    }
    RuleWriter rule =
        rules
            .append(ChainNames.SERVICES)
            .comment(LAST_OF_SERVICES)
            .match("addrtype --dst-type LOCAL");
    if (node.family() == IpFamily.IPV6) {
      if (!layout.marksDrops()) {
        rule.destinationNot(LOOPBACK_V6);
      }
    } else if (!node.config().opensLocalhostNodePorts()) {
      rule.destinationNot(LOOPBACK_V4);
    }
    rule.jump(ChainNames.NODE_PORTS);
  }
}
