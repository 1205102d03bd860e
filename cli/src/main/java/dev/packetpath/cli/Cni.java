package dev.packetpath.cli;

/** What connects a cluster's Pods. */
enum Cni {
  /** Each node's bridge, and routes between the nodes. */
  BRIDGE,
  /** Calico, with its iptables dataplane. */
  CALICO
}
