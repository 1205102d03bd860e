package dev.packetpath.kubernetes.node;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;

/**
 * The kernel settings of a node: those that kube-proxy makes, by its defaults, and those that a
 * network of Pods needs.
 *
 * <p>Source: kubernetes pkg/proxy/apis/config/v1alpha1/defaults.go, for a node of four cores.
 */
final class NodeSysctls {
  private static final ImmutableMap<String, String> ALWAYS =
      ImmutableMap.<String, String>builder()
          .put("net.bridge.bridge-nf-call-ip6tables", "1")
          .put("net.bridge.bridge-nf-call-iptables", "1")
          .put("net.ipv4.conf.all.rp_filter", "0")
          .put("net.ipv4.icmp_ratelimit", "1000")
          .put("net.ipv4.icmp_ratemask", "6168")
          .put("net.ipv4.ip_forward", "1")
          .put("net.ipv4.ip_local_port_range", "32768 60999")
          .put("net.ipv6.conf.all.forwarding", "1")
          .put("net.netfilter.nf_conntrack_acct", "0")
          .put("net.netfilter.nf_conntrack_buckets", "65536")
          .put("net.netfilter.nf_conntrack_max", "131072")
          .put("net.netfilter.nf_conntrack_tcp_be_liberal", "0")
          .put("net.netfilter.nf_conntrack_tcp_loose", "1")
          .put("net.netfilter.nf_conntrack_tcp_timeout_close_wait", "3600")
          .put("net.netfilter.nf_conntrack_tcp_timeout_established", "86400")
          .buildOrThrow();

  private static final ImmutableMap<String, String> IPVS =
      ImmutableMap.of(
          "net.ipv4.vs.conntrack", "1",
          "net.ipv4.vs.expire_nodest_conn", "1",
          "net.ipv4.vs.expire_quiescent_template", "1");

  private NodeSysctls() {}

  static ImmutableMap<String, String> of(ProxyConfig config) {
    boolean localnet = config.opensLocalhostNodePorts();
    return ImmutableSortedMap.<String, String>naturalOrder()
        .putAll(ALWAYS)
        .put("net.ipv4.conf.all.route_localnet", localnet ? "1" : "0")
        .putAll(config.mode() == ProxyMode.IPVS ? IPVS : ImmutableMap.of())
        .buildOrThrow();
  }
}
