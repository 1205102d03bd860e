package dev.packetpath.kubernetes.proxy.userspace;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.Hook;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.iptables.TableName;
import dev.packetpath.kubernetes.proxy.RulesTraversed;
import dev.packetpath.kubernetes.proxy.select.ProxiedPort;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.ChainRules;
import dev.packetpath.kubernetes.text.RuleWriter;
import dev.packetpath.kubernetes.text.RulesetText;
import dev.packetpath.kubernetes.text.TableText;

/**
 * kube-proxy in userspace mode on one node and family: every connection to a Service is led to a
 * port of the proxy's own process, which opens another one to an endpoint and copies between the
 * two. What follows in the process is no matter of the kernel's rules and is not modelled.
 *
 * <p>Source: kubernetes pkg/proxy/userspace/proxier.go, 1.20.
 */
public final class UserspaceProxy {
  private static final String PORTALS_CONTAINER = "KUBE-PORTALS-CONTAINER";
  private static final String PORTALS_HOST = "KUBE-PORTALS-HOST";
  private static final String NODE_PORT_CONTAINER = "KUBE-NODEPORT-CONTAINER";
  private static final String NODE_PORT_HOST = "KUBE-NODEPORT-HOST";
  private static final String PORTALS =
      "handle ClusterIPs; NOTE: this must be before the NodePort rules";
  private static final String NODE_PORTS =
      "handle service NodePorts; NOTE: this must be the last rule in the chain";

  /** The port of the first Service; the real process takes whatever ports are free. */
  private static final int FIRST_PORT = 10_000;

  private final ProxyNode node;
  private final ImmutableList<ProxiedPort> ports;

  private UserspaceProxy(ProxyNode node) {
    this.node = node;
    this.ports = node.ports();
    if (ports.size() > 0xffff - FIRST_PORT) {
      throw new IllegalArgumentException(
          "found "
              + ports.size()
              + " ports of Services, expected at most "
              + (0xffff - FIRST_PORT)
              + " in userspace mode: each takes a port of the node");
    }
  }

  /** Returns the kube-proxy of a node. */
  public static UserspaceProxy of(ProxyNode node) {
    return new UserspaceProxy(node);
  }

  /**
   * Returns how many rules the client's connection from a Pod meets on its way to the proxy; that
   * of the proxy to the endpoint meets those of OUTPUT, all of them.
   */
  public RulesTraversed rulesTraversed() {
    RulesTraversed.Tally tally = new RulesTraversed.Tally();
    long before = 1; // the jump of PREROUTING
    for (ProxiedPort port : ports) {
      tally.add(1, before + 1);
      before += addresses(port).size();
    }
    return tally.result();
  }

  /** Adds the rules of the node to its tables, before those that are there. */
  public void addTo(RulesetText rules) {
    addTo(rules.table(TableName.NAT));
  }

  private void addTo(TableText nat) {
    nat.prepend(Hook.PREROUTING, start(PORTALS_CONTAINER, NODE_PORT_CONTAINER));
    nat.prepend(Hook.OUTPUT, start(PORTALS_HOST, NODE_PORT_HOST));
    nat.chain(PORTALS_CONTAINER, (chain, rules) -> portals(chain, true, rules));
    nat.chain(PORTALS_HOST, (chain, rules) -> portals(chain, false, rules));
    nat.chain(NODE_PORT_CONTAINER, (chain, rules) -> nodePorts(chain, true, rules));
    nat.chain(NODE_PORT_HOST, (chain, rules) -> nodePorts(chain, false, rules));
  }

  private static ChainRules start(String portals, String nodePorts) {
    return (chain, rules) -> {
      rules.append(chain).comment(PORTALS).jump(portals);
      rules.append(chain).match("addrtype --dst-type LOCAL").comment(NODE_PORTS).jump(nodePorts);
    };
  }

  private static ImmutableList<IpAddress> addresses(ProxiedPort port) {
    return ImmutableList.<IpAddress>builder()
        .add(port.clusterIp())
        .addAll(port.externalIps())
        .addAll(port.loadBalancerIps())
        .build();
  }

  private void portals(String chain, boolean forwarded, RuleWriter rules) {
    for (int i = 0; i < ports.size(); i++) {
      ProxiedPort port = ports.get(i);
      for (IpAddress address : addresses(port)) {
        RuleWriter rule =
            rules
                .append(chain)
                .comment(port.name())
                .portProtocol(port.protocol().toString())
                .destination(address)
                .destinationPort(port.port().port());
        toProxy(rule, i, forwarded);
      }
    }
  }

  private void nodePorts(String chain, boolean forwarded, RuleWriter rules) {
    for (int i = 0; i < ports.size(); i++) {
      ProxiedPort port = ports.get(i);
      if (port.port().nodePort() != 0) {
        RuleWriter rule =
            rules
                .append(chain)
                .comment(port.name())
                .portProtocol(port.protocol().toString())
                .destinationPort(port.port().nodePort());
        toProxy(rule, i, forwarded);
      }
    }
  }

  /** Leads forwarded packets to the device they came in by, and the node's own to its address. */
  private void toProxy(RuleWriter rule, int index, boolean forwarded) {
    int port = FIRST_PORT + index;
    if (forwarded) {
      rule.jump("REDIRECT --to-ports " + port);
      return;
    }
    IpAddress own = node.primaryAddresses().get(0);
    String at = node.family() == IpFamily.IPV6 ? "[" + own + "]" : own.toString();
    rule.jump("DNAT --to-destination " + at + ":" + port);
  }
}
