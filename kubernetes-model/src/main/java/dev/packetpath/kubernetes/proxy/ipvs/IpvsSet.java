package dev.packetpath.kubernetes.proxy.ipvs;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.text.SetText;

/**
 * The ipsets of kube-proxy in IPVS mode.
 *
 * <p>Source: kubernetes pkg/proxy/ipvs/ipset.go.
 */
enum IpvsSet {
  LOOP_BACK(
      "KUBE-LOOP-BACK",
      "hash:ip,port,ip",
      "dst,dst,src",
      "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose"),
  CLUSTER_IP(
      "KUBE-CLUSTER-IP",
      "hash:ip,port",
      "dst,dst",
      "Kubernetes service cluster ip + port for masquerade purpose"),
  EXTERNAL_IP(
      "KUBE-EXTERNAL-IP",
      "hash:ip,port",
      "dst,dst",
      "Kubernetes service external ip + port for masquerade and filter purpose"),
  EXTERNAL_IP_LOCAL(
      "KUBE-EXTERNAL-IP-LOCAL",
      "hash:ip,port",
      "dst,dst",
      "Kubernetes service external ip + port with externalTrafficPolicy=local"),
  LOAD_BALANCER("KUBE-LOAD-BALANCER", "hash:ip,port", "dst,dst", "Kubernetes service lb portal"),
  LOAD_BALANCER_LOCAL(
      "KUBE-LOAD-BALANCER-LOCAL",
      "hash:ip,port",
      "dst,dst",
      "Kubernetes service load balancer ip + port with externalTrafficPolicy=local"),
  LOAD_BALANCER_FIREWALL(
      "KUBE-LOAD-BALANCER-FW",
      "hash:ip,port",
      "dst,dst",
      "Kubernetes service load balancer ip + port for load balancer with sourceRange"),
  LOAD_BALANCER_SOURCE_IP(
      "KUBE-LOAD-BALANCER-SOURCE-IP",
      "hash:ip,port,ip",
      "dst,dst,src",
      "Kubernetes service load balancer ip + port + source IP for packet filter purpose"),
  LOAD_BALANCER_SOURCE_CIDR(
      "KUBE-LOAD-BALANCER-SOURCE-CIDR",
      "hash:ip,port,net",
      "dst,dst,src",
      "Kubernetes service load balancer ip + port + source cidr for packet filter purpose"),
  NODE_PORT_TCP(
      "KUBE-NODE-PORT-TCP",
      "bitmap:port",
      "dst",
      "Kubernetes nodeport TCP port for masquerade purpose"),
  NODE_PORT_UDP(
      "KUBE-NODE-PORT-UDP",
      "bitmap:port",
      "dst",
      "Kubernetes nodeport UDP port for masquerade purpose"),
  NODE_PORT_SCTP(
      "KUBE-NODE-PORT-SCTP-HASH",
      "hash:ip,port",
      "dst,dst",
      "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'"),
  NODE_PORT_LOCAL_TCP(
      "KUBE-NODE-PORT-LOCAL-TCP",
      "bitmap:port",
      "dst",
      "Kubernetes nodeport TCP port with externalTrafficPolicy=local"),
  NODE_PORT_LOCAL_UDP(
      "KUBE-NODE-PORT-LOCAL-UDP",
      "bitmap:port",
      "dst",
      "Kubernetes nodeport UDP port with externalTrafficPolicy=local"),
  NODE_PORT_LOCAL_SCTP(
      "KUBE-NODE-PORT-LOCAL-SCTP-HASH",
      "hash:ip,port",
      "dst,dst",
      "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'"),
  HEALTH_CHECK_NODE_PORT(
      "KUBE-HEALTH-CHECK-NODE-PORT", "bitmap:port", "dst", "Kubernetes health check node port"),
  IPVS_IPS("KUBE-IPVS-IPS", "hash:ip", "dst", "Addresses on the ipvs interface");

  /** The longest name that the kernel takes: IPSET_MAXNAMELEN without its final 0. */
  private static final int MAX_NAME = 31;

  private final String text;
  private final String type;
  private final String directions;
  private final String comment;

  IpvsSet(String text, String type, String directions, String comment) {
    this.text = text;
    this.type = type;
    this.directions = directions;
    this.comment = comment;
  }

  /** Returns the name of the set of a family. */
  String name(IpFamily family) {
    if (family == IpFamily.IPV4) {
      return text;
    }
    String name = "KUBE-6-" + text.substring("KUBE-".length());
    return name.substring(0, Math.min(MAX_NAME, name.length()));
  }

  /** Returns what of a packet is looked up. */
  String directions() {
    return directions;
  }

  /** Returns what rules that look it up say of it. */
  String comment() {
    return comment;
  }

  /**
   * Returns whether a release makes the set: that of health checks came with 1.21, that of all
   * addresses with 1.26 (kubernetes pull requests 97824 and 108460).
   */
  boolean existsIn(KubeVersion version) {
    return switch (this) {
      case HEALTH_CHECK_NODE_PORT -> version.atLeast(21);
      case IPVS_IPS -> version.atLeast(26);
      default -> true;
    };
  }

  SetText create(IpFamily family) {
    return type.startsWith("hash:")
        ? SetText.hash(name(family), type, family)
        : SetText.ports(name(family));
  }
}
