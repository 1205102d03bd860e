package dev.packetpath.kubernetes.proxy.select;

import com.google.common.collect.ImmutableList;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import java.util.List;

/**
 * A kube-proxy on one node for one family.
 *
 * @param cluster the cluster
 * @param node the node
 * @param family the family
 * @param addresses all addresses of the node's devices, of that family
 * @param config the settings
 */
public record ProxyNode(
    Cluster cluster,
    ClusterNode node,
    IpFamily family,
    ImmutableList<IpAddress> addresses,
    ProxyConfig config) {

  /** Returns the ports to program, in order. */
  public ImmutableList<ProxiedPort> ports() {
    return ProxiedPort.of(cluster.services(), family, config.order()).stream()
        .map(port -> port.on(node.name(), config.version()))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns which endpoints of a port this node uses. */
  public EndpointSelection select(ProxiedPort port) {
    return EndpointSelection.of(port, node, config.version());
  }

  /** Returns how this kube-proxy tells the traffic of Pods from other traffic. */
  public LocalDetector localDetector() {
    return switch (config.detectLocal()) {
      case CLUSTER_CIDR -> bySource(cluster.podCidrs());
      case NODE_CIDR -> bySource(node.podCidrs());
      case BRIDGE -> new LocalDetector.ByDevice(config.bridge());
      case INTERFACE_PREFIX -> new LocalDetector.ByDevice(config.interfacePrefix() + "+");
      case NONE -> new LocalDetector.Off();
    };
  }

  private LocalDetector bySource(List<IpPrefix> podCidrs) {
    return podCidrs.stream()
        .filter(prefix -> prefix.family() == family)
        .findFirst()
        .<LocalDetector>map(LocalDetector.BySource::new)
        .orElseGet(LocalDetector.Off::new);
  }

  /** Returns whether node ports are open on every address of the node. */
  public boolean nodePortsEverywhere() {
    return nodePortAddresses().isEmpty()
        || nodePortAddresses().stream().anyMatch(prefix -> prefix.length() == 0);
  }

  private List<IpPrefix> nodePortAddresses() {
    return config.nodePortAddresses().stream().filter(prefix -> prefix.family() == family).toList();
  }

  /**
   * Returns the addresses where node ports are open, those of the loopback device left out where
   * they do not work.
   */
  public ImmutableList<IpAddress> nodePortIps() {
    boolean loopbackWorks = family == IpFamily.IPV4 && config.opensLocalhostNodePorts();
    return addresses.stream()
        .filter(address -> loopbackWorks || !address.isLoopback())
        .filter(
            address ->
                nodePortsEverywhere()
                    || nodePortAddresses().stream().anyMatch(prefix -> prefix.contains(address)))
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the node's primary address of the family. */
  public ImmutableList<IpAddress> primaryAddresses() {
    return node.addresses().stream()
        .filter(address -> address.family() == family)
        .collect(ImmutableList.toImmutableList());
  }
}
