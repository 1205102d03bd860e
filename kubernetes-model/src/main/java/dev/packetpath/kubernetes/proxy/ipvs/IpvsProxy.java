package dev.packetpath.kubernetes.proxy.ipvs;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import dev.packetpath.kubernetes.text.RulesetText;
import dev.packetpath.kubernetes.text.SetText;

/**
 * kube-proxy in IPVS mode on one node and family: virtual servers, the addresses that kube-ipvs0
 * binds, sets, and rules whose number does not depend on the Services.
 *
 * <p>Source: kubernetes pkg/proxy/ipvs/proxier.go.
 *
 * @param servers the virtual servers
 * @param boundAddresses the addresses of the device kube-ipvs0
 * @param sets the ipsets
 */
public record IpvsProxy(
    ImmutableList<VirtualServer> servers,
    ImmutableList<IpAddress> boundAddresses,
    ImmutableList<SetText> sets) {
  /** The device that makes the Services' addresses the node's own. */
  public static final String DEVICE = "kube-ipvs0";

  /** Adds the rules of a node to its tables, before those that are there; returns the rest. */
  public static IpvsProxy program(ProxyNode node, RulesetText rules) {
    IpvsServices services = new IpvsServices(node);
    new IpvsRules(node, services).addTo(rules);
    return new IpvsProxy(services.servers(), services.boundAddresses(), services.sets());
  }
}
