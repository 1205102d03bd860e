package dev.packetpath.kubernetes;

/** Which endpoints traffic of one kind may reach. */
public enum TrafficPolicy {
  /** All of the cluster. */
  CLUSTER,
  /** Those on the node where the traffic arrived. */
  LOCAL
}
