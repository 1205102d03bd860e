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
  /** The mark of traffic that shall get the node's source address: {@code masqueradeBit} 14. */
  static final int MASQUERADE_MARK = 0x4000;

  /** The mark of traffic that kubelet's chain drops. */
  static final int DROP_MARK = 0x8000;

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
    nat.chain(ChainNames.CANARY, ChainRules.NONE);
    nat.chain(ChainNames.POSTROUTING, this::postrouting);
    nat.chain(
        ChainNames.MARK_MASQ,
        (chain, rules) -> setMark(rules.append(chain), "--or-mark", MASQUERADE_MARK));
    if (layout.marksDrops()) {
      nat.chain(
          ChainNames.MARK_DROP,
          (chain, rules) -> setMark(rules.append(chain), "--or-mark", DROP_MARK));
    }
  }

  private static void setMark(RuleWriter rule, String how, int bits) {
    String hex = RuleWriter.hex(bits);
    String mask = how.equals("--xor-mark") ? "0x0" : hex;
    rule.target(
        "MARK " + how + " " + String.format("%#08x", bits), "MARK --set-xmark " + hex + "/" + mask);
  }

  private void postrouting(String chain, RuleWriter rules) {
    String snat = "kubernetes service traffic requiring SNAT";
    if (layout.shortMasquerade()) {
      rules.append(chain).comment(snat).marked(MASQUERADE_MARK).jump("MASQUERADE");
      return;
    }
    String mark = RuleWriter.hex(MASQUERADE_MARK);
    rules.append(chain).match("mark ! --mark " + mark + "/" + mark).jump("RETURN");
    setMark(rules.append(chain), "--xor-mark", MASQUERADE_MARK);
    rules.append(chain).comment(snat).jump("MASQUERADE --random-fully");
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
    } else if (!node.config().localhostNodePorts()) {
      rule.destinationNot(LOOPBACK_V4);
    }
    rule.jump(ChainNames.NODE_PORTS);
  }
}
