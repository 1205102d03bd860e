package dev.packetpath.kubernetes.network;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.select.ProxyNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * The devices and routes of a node: lo, eth0 in one network with the other nodes, its Pods behind
 * the bridge cni0 or each behind a device of its own, and the other nodes' Pods behind those nodes.
 */
public final class NodeNetwork {
  private static final int LONGEST_V4 = 24;
  private static final int LONGEST_V6 = 64;

  private final Cluster cluster;
  private final ClusterNode node;
  private final List<Link> links = new ArrayList<>();
  private final List<NodeRoute> routes = new ArrayList<>();

  private NodeNetwork(Cluster cluster, ClusterNode node) {
    this.cluster = cluster;
    this.node = node;
  }

  /** Returns the network of a node whose Pods hang on a bridge. */
  public static NodeNetwork bridged(Cluster cluster, ClusterNode node) {
    NodeNetwork network = new NodeNetwork(cluster, node);
    network.addUplink();
    network.addBridge();
    return network;
  }

  /**
   * Returns the network of a node whose Pods have a device each.
   *
   * @param deviceOf names a Pod's device
   */
  public static NodeNetwork routed(
      Cluster cluster, ClusterNode node, Function<Pod, String> deviceOf) {
    NodeNetwork network = new NodeNetwork(cluster, node);
    network.addUplink();
    for (Pod pod : network.localPods()) {
      String device = deviceOf.apply(pod);
      network.addLink(device, ImmutableList.of());
      pod.addresses().forEach(at -> network.routes.add(NodeRoute.link(IpPrefix.host(at), device)));
    }
    return network;
  }

  /** Returns the devices. */
  public ImmutableList<Link> links() {
    return ImmutableList.copyOf(links);
  }

  /** Returns the routes of a family. */
  public ImmutableList<NodeRoute> routes(IpFamily family) {
    return routes.stream()
        .filter(route -> route.to().family() == family)
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the families in which the node has an address. */
  public ImmutableSortedSet<IpFamily> families() {
    return node.addresses().stream()
        .map(IpAddress::family)
        .collect(ImmutableSortedSet.toImmutableSortedSet(Comparator.naturalOrder()));
  }

  /** Returns all addresses of the node of a family. */
  public ImmutableList<IpAddress> addresses(IpFamily family) {
    return links.stream()
        .flatMap(link -> link.addresses().stream())
        .map(Link.Address::local)
        .filter(address -> address.family() == family)
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the node's kube-proxies, one for each family. */
  public ImmutableList<ProxyNode> proxies(ProxyConfig config) {
    return families().stream()
        .map(family -> new ProxyNode(cluster, node, family, addresses(family), config))
        .collect(ImmutableList.toImmutableList());
  }

  /** Adds a device that has these addresses to itself, as kube-ipvs0 has. */
  public void addDummy(String name, ImmutableList<IpAddress> addresses) {
    addLink(
        name,
        addresses.stream()
            .map(address -> new Link.Address(address, address.family().bits()))
            .collect(ImmutableList.toImmutableList()));
  }

  private void addLink(String name, ImmutableList<Link.Address> addresses) {
    links.add(new Link(links.size() + 1, name, addresses));
  }

  private void addUplink() {
    ImmutableList.Builder<Link.Address> loopback = ImmutableList.builder();
    ImmutableList.Builder<Link.Address> uplink = ImmutableList.builder();
    for (IpFamily family : families()) {
      loopback.add(
          family == IpFamily.IPV4
              ? new Link.Address(IpAddress.parse("127.0.0.1"), 8)
              : new Link.Address(IpAddress.parse("::1"), 128));
      IpPrefix network = nodesNetwork(family);
      IpAddress router = plus(network.address(), 1);
      routes.add(NodeRoute.via(IpPrefix.of(IpAddress.any(family), 0), router, Link.UPLINK));
      for (IpAddress address : node.addresses()) {
        if (address.family() == family) {
          uplink.add(new Link.Address(address, network.length()));
          if (routes.stream().noneMatch(route -> route.to().equals(network))) {
            routes.add(NodeRoute.link(network, Link.UPLINK, address));
          }
        }
      }
    }
    addLink(Link.LOOPBACK, loopback.build());
    addLink(Link.UPLINK, uplink.build());
    for (ClusterNode other : cluster.nodes()) {
      if (!other.name().equals(node.name())) {
        addRoutesTo(other);
      }
    }
  }

  private void addRoutesTo(ClusterNode other) {
    for (IpPrefix podCidr : other.podCidrs()) {
      other.addresses().stream()
          .filter(address -> address.family() == podCidr.family())
          .findFirst()
          .filter(address -> families().contains(address.family()))
          .ifPresent(address -> routes.add(NodeRoute.via(podCidr, address, Link.UPLINK)));
    }
  }

  /** Returns the smallest network that holds all nodes, /24 or /64 at the smallest. */
  private IpPrefix nodesNetwork(IpFamily family) {
    IpAddress own =
        node.addresses().stream()
            .filter(address -> address.family() == family)
            .findFirst()
            .orElseThrow();
    int longest = family == IpFamily.IPV4 ? LONGEST_V4 : LONGEST_V6;
    IpPrefix network = IpPrefix.of(own, longest);
    for (ClusterNode other : cluster.nodes()) {
      for (IpAddress address : other.addresses()) {
        while (address.family() == family && !network.contains(address)) {
          network = IpPrefix.of(own, network.length() - 1);
        }
      }
    }
    return network;
  }

  private void addBridge() {
    ImmutableList.Builder<Link.Address> addresses = ImmutableList.builder();
    for (IpPrefix podCidr : node.podCidrs()) {
      if (families().contains(podCidr.family())) {
        IpAddress first = plus(podCidr.address(), 1);
        addresses.add(new Link.Address(first, podCidr.length()));
        routes.add(NodeRoute.link(podCidr, Link.BRIDGE, first));
      }
    }
    addLink(Link.BRIDGE, addresses.build());
    for (Pod pod : localPods()) {
      for (IpAddress address : pod.addresses()) {
        if (node.podCidrs().stream().noneMatch(podCidr -> podCidr.contains(address))) {
          routes.add(NodeRoute.link(IpPrefix.host(address), Link.BRIDGE));
        }
      }
    }
  }

  private List<Pod> localPods() {
    return cluster.pods().stream()
        .filter(pod -> pod.node().equals(node.name()) && !pod.hostNetwork())
        .toList();
  }

  private static IpAddress plus(IpAddress address, long offset) {
    return new IpAddress(address.family(), address.high(), address.low() + offset);
  }
}
