package dev.packetpath.kubernetes.proxy.ipvs;

import dev.packetpath.core.net.IpFamily;
import dev.packetpath.kubernetes.text.SetText;

/**
 * The ipsets of kube-proxy in IPVS mode.
 *
 * <p>Source: kubernetes pkg/proxy/ipvs/ipset.go.
 */
enum IpvsSet {
  LOOP_BACK("KUBE-LOOP-BACK", "hash:ip,port,ip", "dst,dst,src"),
  CLUSTER_IP("KUBE-CLUSTER-IP", "hash:ip,port", "dst,dst"),
  EXTERNAL_IP("KUBE-EXTERNAL-IP", "hash:ip,port", "dst,dst"),
  EXTERNAL_IP_LOCAL("KUBE-EXTERNAL-IP-LOCAL", "hash:ip,port", "dst,dst"),
  LOAD_BALANCER("KUBE-LOAD-BALANCER", "hash:ip,port", "dst,dst"),
  LOAD_BALANCER_LOCAL("KUBE-LOAD-BALANCER-LOCAL", "hash:ip,port", "dst,dst"),
  LOAD_BALANCER_FIREWALL("KUBE-LOAD-BALANCER-FW", "hash:ip,port", "dst,dst"),
  LOAD_BALANCER_SOURCE_IP("KUBE-LOAD-BALANCER-SOURCE-IP", "hash:ip,port,ip", "dst,dst,src"),
  LOAD_BALANCER_SOURCE_CIDR("KUBE-LOAD-BALANCER-SOURCE-CIDR", "hash:ip,port,net", "dst,dst,src"),
  NODE_PORT_TCP("KUBE-NODE-PORT-TCP", "bitmap:port", "dst"),
  NODE_PORT_UDP("KUBE-NODE-PORT-UDP", "bitmap:port", "dst"),
  NODE_PORT_SCTP("KUBE-NODE-PORT-SCTP-HASH", "hash:ip,port", "dst,dst"),
  NODE_PORT_LOCAL_TCP("KUBE-NODE-PORT-LOCAL-TCP", "bitmap:port", "dst"),
  NODE_PORT_LOCAL_UDP("KUBE-NODE-PORT-LOCAL-UDP", "bitmap:port", "dst"),
  NODE_PORT_LOCAL_SCTP("KUBE-NODE-PORT-LOCAL-SCTP-HASH", "hash:ip,port", "dst,dst"),
  HEALTH_CHECK_NODE_PORT("KUBE-HEALTH-CHECK-NODE-PORT", "bitmap:port", "dst"),
  IPVS_IPS("KUBE-IPVS-IPS", "hash:ip", "dst");

  /** The longest name that the kernel takes: IPSET_MAXNAMELEN without its final 0. */
  private static final int MAX_NAME = 31;

  private final String text;
  private final String type;
  private final String directions;

  IpvsSet(String text, String type, String directions) {
    this.text = text;
    this.type = type;
    this.directions = directions;
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

  SetText create(IpFamily family) {
    return type.startsWith("hash:")
        ? SetText.hash(name(family), type, family)
        : SetText.ports(name(family));
  }
}
