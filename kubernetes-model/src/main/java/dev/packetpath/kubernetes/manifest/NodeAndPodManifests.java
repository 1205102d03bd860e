package dev.packetpath.kubernetes.manifest;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Pod;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads Nodes, Namespaces and Pods. */
final class NodeAndPodManifests {
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private NodeAndPodManifests() {}

  static ClusterNode node(ManifestObject object) {
    Node node = object.as(Node.class);
    ImmutableList.Builder<IpAddress> addresses = ImmutableList.builder();
    if (node.getStatus() != null) {
      List<NodeAddress> written = Fields.orEmpty(node.getStatus().getAddresses());
      for (int i = 0; i < written.size(); i++) {
        if ("InternalIP".equals(written.get(i).getType())) {
          addresses.add(
              Fields.address(
                  object, "status.addresses[" + i + "].address", written.get(i).getAddress()));
        }
      }
    }
    return new ClusterNode(
        object.name(),
        ManifestObject.labels(node).getOrDefault(ZONE, ""),
        addresses.build(),
        podCidrs(object, node));
  }

  static ImmutableMap<String, String> namespaceLabels(ManifestObject object) {
    return ImmutableMap.copyOf(ManifestObject.labels(object.as(Namespace.class)));
  }

  private static ImmutableList<IpPrefix> podCidrs(ManifestObject object, Node node) {
    if (node.getSpec() == null) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<IpPrefix> prefixes = ImmutableList.builder();
    List<String> all = Fields.orEmpty(node.getSpec().getPodCIDRs());
    if (all.isEmpty() && !Strings.isNullOrEmpty(node.getSpec().getPodCIDR())) {
      return ImmutableList.of(Fields.prefix(object, "spec.podCIDR", node.getSpec().getPodCIDR()));
    }
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    for (int i = 0; i < all.size(); i++) {
      String path = "spec.podCIDRs[" + i + "]";
      IpPrefix prefix = Fields.prefix(object, path, all.get(i));
      if (!families.add(prefix.family())) {
        throw object.error(path, prefix, "at most one range of each family");
      }
      prefixes.add(prefix);
    }
    return prefixes.build();
  }

  /** Returns a Pod, unless it has ended or has no address yet. */
  static Optional<Pod> pod(ManifestObject object) {
    io.fabric8.kubernetes.api.model.Pod pod = object.as(io.fabric8.kubernetes.api.model.Pod.class);
    PodStatus status = pod.getStatus();
    if (status == null
        || pod.getSpec() == null
        || ENDED.contains(Strings.nullToEmpty(status.getPhase()))) {
      return Optional.empty();
    }
    List<PodIP> all = Fields.orEmpty(status.getPodIPs());
    ImmutableList.Builder<IpAddress> addresses = ImmutableList.builder();
    if (all.isEmpty() && !Strings.isNullOrEmpty(status.getPodIP())) {
      addresses.add(Fields.address(object, "status.podIP", status.getPodIP()));
    }
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    for (int i = 0; i < all.size(); i++) {
      String path = "status.podIPs[" + i + "].ip";
      IpAddress address = Fields.address(object, path, all.get(i).getIp());
      if (!families.add(address.family())) {
        throw object.error(path, address, "at most one address of each family");
      }
      addresses.add(address);
    }
    ImmutableList<IpAddress> found = addresses.build();
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Pod(
                object.namespace(),
                object.name(),
                Strings.nullToEmpty(pod.getSpec().getNodeName()),
                Boolean.TRUE.equals(pod.getSpec().getHostNetwork()),
                found,
                ImmutableMap.copyOf(ManifestObject.labels(pod)),
                namedPorts(object, Fields.orEmpty(pod.getSpec().getContainers()))));
  }

  private static ImmutableList<Pod.NamedPort> namedPorts(
      ManifestObject object, List<Container> containers) {
    ImmutableList.Builder<Pod.NamedPort> ports = ImmutableList.builder();
    for (int c = 0; c < containers.size(); c++) {
      List<ContainerPort> written = Fields.orEmpty(containers.get(c).getPorts());
      for (int p = 0; p < written.size(); p++) {
        String name = Strings.nullToEmpty(written.get(p).getName());
        if (!name.isEmpty()) {
          String path = "spec.containers[" + c + "].ports[" + p + "]";
          ports.add(
              new Pod.NamedPort(
                  name,
                  Fields.protocol(object, path + ".protocol", written.get(p).getProtocol()),
                  Fields.port(object, path + ".containerPort", written.get(p).getContainerPort())));
        }
      }
    }
    return ports.build();
  }
}
