package dev.packetpath.kubernetes.manifest;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.ListMultimap;
import com.google.common.collect.MultimapBuilder;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.ClusterNode;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Pod;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.policy.NetworkPolicy;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gathers a cluster from manifests: Services, EndpointSlices, Nodes, Pods, Namespaces and
 * NetworkPolicies; other objects have no effect. Takes one text or several, then {@link #cluster}.
 * Not safe for use by several threads.
 */
public final class ClusterManifests {
  private static final int SHOWN_NODES = 5;
  private static final ImmutableSetMultimap<String, String> KINDS =
      ImmutableSetMultimap.<String, String>builder()
          .putAll("", "Service", "Node", "Pod", "Namespace")
          .putAll("discovery.k8s.io", "EndpointSlice")
          .putAll("networking.k8s.io", "NetworkPolicy")
          .build();

  private final Set<String> titles = new HashSet<>();
  private final Map<String, ServiceManifest> services = new LinkedHashMap<>();
  private final ListMultimap<SliceManifest.Key, Endpoint> endpoints =
      MultimapBuilder.hashKeys().arrayListValues().build();
  private final Map<String, ClusterNode> nodes = new LinkedHashMap<>();
  private final List<Pod> pods = new ArrayList<>();
  private final Map<String, ImmutableMap<String, String>> namespaces = new LinkedHashMap<>();
  private final List<NetworkPolicy> policies = new ArrayList<>();

  /** Creates an empty collection. */
  public ClusterManifests() {}

  /**
   * Reads a text: YAML of one document or several, or JSON; each an object or a List.
   *
   * @param file what the text is called in errors
   * @throws dev.packetpath.core.SyntaxException at the first object that is wrong; the message
   *     names the object and the path in it
   * @throws IOException if the reader fails
   */
  public void read(String file, Reader text) throws IOException {
    ManifestReader.read(file, text, this::add);
  }

  private void add(ManifestObject object) {
    String kind = object.kind();
    String group = object.group();
    if (!KINDS.containsEntry(group, kind)) {
      return;
    }
    if (!titles.add(object.title())) {
      throw object.error(
          "metadata.name", "\"" + object.name() + "\"", "a name that no earlier " + kind + " has");
    }
    switch (kind) {
      case "Service" -> services.put(object.title(), ServiceManifest.of(object));
      case "EndpointSlice" -> SliceManifest.read(object, endpoints::put);
      case "Node" -> nodes.put(object.name(), NodeAndPodManifests.node(object));
      case "Pod" -> NodeAndPodManifests.pod(object).ifPresent(pods::add);
      case "Namespace" ->
          namespaces.put(object.name(), NodeAndPodManifests.namespaceLabels(object));
      case "NetworkPolicy" -> policies.add(NetworkPolicyManifest.read(object));
      default -> throw new AssertionError(kind);
    }
  }

  /**
   * Returns the cluster.
   *
   * @param settings what the manifests may leave open
   * @throws dev.packetpath.core.SyntaxException if two Services want the same cluster address or
   *     node port
   * @throws IllegalArgumentException if the manifests name nodes, but not the one of the settings
   */
  public Cluster cluster(ClusterSettings settings) {
    ImmutableList<Service> programmed = services();
    addNodesByName(settings);
    return new Cluster(
        ImmutableList.copyOf(nodes.values()),
        ImmutableList.copyOf(pods),
        programmed,
        settings.podCidrs(),
        settings.serviceCidrs(),
        ImmutableMap.copyOf(namespaces),
        ImmutableList.copyOf(policies));
  }

  private ImmutableList<Service> services() {
    ImmutableList.Builder<Service> programmed = ImmutableList.builder();
    Map<String, String> owners = new HashMap<>();
    for (ServiceManifest manifest : services.values()) {
      if (!manifest.isSkipped()) {
        ManifestObject object = manifest.object();
        Service service =
            manifest.read(
                (port, protocol) ->
                    ImmutableList.copyOf(
                        endpoints.get(
                            new SliceManifest.Key(
                                object.namespace(), object.name(), port, protocol))));
        claimClusterIps(object, service, owners);
        claimNodePorts(object, service, owners);
        programmed.add(service);
      }
    }
    return programmed.build();
  }

  private static void claimClusterIps(
      ManifestObject object, Service service, Map<String, String> owners) {
    for (int i = 0; i < service.clusterIps().size(); i++) {
      String address = service.clusterIps().get(i).toString();
      claim(object, "spec.clusterIPs[" + i + "]", "cluster address", address, owners);
    }
  }

  private static void claimNodePorts(
      ManifestObject object, Service service, Map<String, String> owners) {
    for (int i = 0; i < service.ports().size(); i++) {
      ServicePort port = service.ports().get(i);
      if (port.nodePort() != 0) {
        claim(
            object,
            "spec.ports[" + i + "].nodePort",
            "node port",
            port.nodePort() + "/" + port.protocol(),
            owners);
      }
    }
    if (service.healthCheckNodePort() != 0) {
      String port = service.healthCheckNodePort() + "/tcp";
      claim(object, "spec.healthCheckNodePort", "node port", port, owners);
    }
  }

  private static void claim(
      ManifestObject object, String path, String what, String value, Map<String, String> owners) {
    String owner = owners.putIfAbsent(value, object.title());
    if (owner != null) {
      throw object.error(path, value, "a " + what + " other than that of " + owner);
    }
  }

  /**
   * Adds the nodes that only endpoints, Pods or the settings name, and what is told of the node.
   */
  private void addNodesByName(ClusterSettings settings) {
    LinkedHashMultimap<String, IpAddress> podAddresses = LinkedHashMultimap.create();
    pods.stream()
        .filter(pod -> !pod.hostNetwork())
        .forEach(pod -> podAddresses.putAll(pod.node(), pod.addresses()));
    endpoints.values().forEach(at -> podAddresses.put(at.node(), at.address()));
    podAddresses.removeAll("");
    podAddresses
        .keySet()
        .forEach(
            name ->
                nodes.putIfAbsent(
                    name, new ClusterNode(name, "", ImmutableList.of(), ImmutableList.of())));
    settings.nodeName().ifPresent(this::checkNode);
    String own =
        settings
            .nodeName()
            .orElseGet(
                () -> nodes.keySet().stream().findFirst().orElse(ClusterSettings.USUAL_NODE_NAME));
    ClusterNode known =
        nodes.getOrDefault(own, new ClusterNode(own, "", ImmutableList.of(), ImmutableList.of()));
    ImmutableList<IpAddress> addresses =
        !settings.nodeIps().isEmpty()
            ? settings.nodeIps()
            : known.addresses().isEmpty()
                ? ImmutableList.of(ClusterSettings.USUAL_NODE_IP)
                : known.addresses();
    ImmutableList<IpPrefix> podCidrs =
        known.podCidrs().isEmpty()
            ? guessPodCidrs(settings, ImmutableList.copyOf(podAddresses.get(own)))
            : known.podCidrs();
    nodes.put(own, new ClusterNode(own, known.zone(), addresses, podCidrs));
  }

  private void checkNode(String name) {
    checkArgument(
        nodes.isEmpty() || nodes.containsKey(name),
        "no node \"%s\", expected one of %s%s",
        name,
        nodes.keySet().stream().limit(SHOWN_NODES).collect(Collectors.joining(", ")),
        nodes.size() > SHOWN_NODES ? ", ..." : "");
  }

  /**
   * Returns a network around the node's first Pod of each family, or the first of the cluster's.
   */
  private static ImmutableList<IpPrefix> guessPodCidrs(
      ClusterSettings settings, ImmutableList<IpAddress> podAddresses) {
    ImmutableList.Builder<IpPrefix> guesses = ImmutableList.builder();
    for (IpPrefix podCidr : settings.podCidrs()) {
      int length = Math.max(podCidr.length(), podCidr.family() == IpFamily.IPV4 ? 24 : 64);
      IpAddress within =
          podAddresses.stream().filter(podCidr::contains).findFirst().orElse(podCidr.address());
      guesses.add(IpPrefix.of(within, length));
    }
    return guesses.build();
  }
}
