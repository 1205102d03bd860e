package dev.packetpath.kubernetes.proxy;

/** How kube-proxy programs its Services. */
public enum ProxyMode {
  /** By rules of iptables. */
  IPTABLES,
  /** By virtual servers of IPVS, with ipsets and a few rules. */
  IPVS,
  /** By maps and chains of nftables. */
  NFTABLES,
  /** By rules that lead every connection to a process that makes another one. */
  USERSPACE
}
