package dev.packetpath.kubernetes.proxy.iptables;

import dev.packetpath.kubernetes.text.RuleWriter;
import dev.packetpath.kubernetes.text.TableText;

/** The rules that lead to one port's chains, and those chains: one implementation a layout. */
interface ServiceRules {
  /** Writes the port's rules of the nat table's KUBE-SERVICES. */
  void services(RuleWriter rules);

  /** Writes the port's rules of the nat table's KUBE-NODEPORTS. */
  void nodePorts(RuleWriter rules);

  /** Writes the port's rules of the filter table's KUBE-SERVICES. */
  void refusedInside(RuleWriter rules);

  /** Writes the port's rules of KUBE-EXTERNAL-SERVICES. */
  void refusedOutside(RuleWriter rules);

  /** Adds the port's own chains. */
  void chains(TableText nat);
}
