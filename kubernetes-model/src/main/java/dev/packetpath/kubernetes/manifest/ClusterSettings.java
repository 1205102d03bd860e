package dev.packetpath.kubernetes.manifest;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpPrefix;
import java.util.Optional;

/**
 * What manifests may leave open.
 *
 * @param nodeName the node that is looked at; if empty, the first
 * @param nodeIps its addresses; if empty, those of the manifests, or 192.168.0.2
 * @param podCidrs where the addresses of all Pods lie
 * @param serviceCidrs where cluster addresses lie
 */
public record ClusterSettings(
    Optional<String> nodeName,
    ImmutableList<IpAddress> nodeIps,
    ImmutableList<IpPrefix> podCidrs,
    ImmutableList<IpPrefix> serviceCidrs) {
  /** What a node is called that nothing names. */
  public static final String USUAL_NODE_NAME = "node-1";

  /** Where Pods' addresses lie unless something else is said. */
  public static final IpPrefix USUAL_POD_CIDR = IpPrefix.parse("10.244.0.0/16");

  /** Where cluster addresses lie unless something else is said. */
  public static final IpPrefix USUAL_SERVICE_CIDR = IpPrefix.parse("10.96.0.0/12");

  static final IpAddress USUAL_NODE_IP = IpAddress.parse("192.168.0.2");

  /** Returns settings with the usual networks and the first node. */
  public static ClusterSettings usual() {
    return new ClusterSettings(
        Optional.empty(),
        ImmutableList.of(),
        ImmutableList.of(USUAL_POD_CIDR),
        ImmutableList.of(USUAL_SERVICE_CIDR));
  }
}
