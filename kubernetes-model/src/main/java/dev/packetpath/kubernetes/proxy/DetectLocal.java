package dev.packetpath.kubernetes.proxy;

/** kube-proxy's setting {@code detectLocalMode}. */
public enum DetectLocal {
  /** By the Pod addresses of the cluster. */
  CLUSTER_CIDR,
  /** By the Pod addresses of the node. */
  NODE_CIDR,
  /** By the bridge that the node's Pods hang on. */
  BRIDGE,
  /** By the start of the names of the Pods' devices. */
  INTERFACE_PREFIX,
  /** Not at all. */
  NONE
}
