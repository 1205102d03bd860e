package dev.packetpath.kubernetes.policy;

import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.Pod;

/**
 * Selects Pods with an address of their own, by the labels of their namespace and by theirs.
 *
 * @param namespaces the namespaces
 * @param pods the Pods in them
 */
public record PodSelector(LabelSelector namespaces, LabelSelector pods) {
  /** Selects all Pods. */
  public static final PodSelector ALL = new PodSelector(LabelSelector.ALL, LabelSelector.ALL);

  /** Returns a selector of Pods of one namespace. */
  public static PodSelector in(String namespace, LabelSelector pods) {
    return new PodSelector(LabelSelector.of(Cluster.NAMESPACE_NAME, namespace), pods);
  }

  /** Returns whether a Pod of a cluster is selected. */
  public boolean matches(Pod pod, Cluster cluster) {
    return !pod.hostNetwork()
        && pods.matches(pod.labels())
        && namespaces.matches(cluster.namespaceLabels(pod.namespace()));
  }
}
