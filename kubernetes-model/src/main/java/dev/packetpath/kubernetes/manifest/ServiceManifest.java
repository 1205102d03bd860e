package dev.packetpath.kubernetes.manifest;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Maps;
import dev.packetpath.core.net.IpAddress;
import dev.packetpath.core.net.IpFamily;
import dev.packetpath.core.net.IpPrefix;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.ServiceProtocol;
import dev.packetpath.kubernetes.TrafficPolicy;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.ServiceStatus;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Reads a Service that kube-proxy programs. */
final class ServiceManifest {
  private static final String OTHER_PROXY = "service.kubernetes.io/service-proxy-name";
  private static final Set<String> TYPES =
      Set.of("", "ClusterIP", "NodePort", "LoadBalancer", "ExternalName");
  private static final Set<String> ANNOTATIONS =
      Set.of(Service.TOPOLOGY_AWARE_HINTS, Service.TOPOLOGY_MODE);
  private static final int USUAL_AFFINITY_SECONDS = 10_800;

  private final ManifestObject object;
  private final io.fabric8.kubernetes.api.model.Service service;
  private final ServiceSpec spec;

  private ServiceManifest(
      ManifestObject object, io.fabric8.kubernetes.api.model.Service service, ServiceSpec spec) {
    this.object = object;
    this.service = service;
    this.spec = spec;
  }

  /** Returns the Service of an object. */
  static ServiceManifest of(ManifestObject object) {
    io.fabric8.kubernetes.api.model.Service service =
        object.as(io.fabric8.kubernetes.api.model.Service.class);
    ServiceSpec spec = service.getSpec();
    if (spec == null) {
      throw object.error("spec", "nothing", "the Service's ports and addresses");
    }
    String type = Strings.nullToEmpty(spec.getType());
    if (!TYPES.contains(type)) {
      throw object.error(
          "spec.type", "\"" + type + "\"", "ClusterIP, NodePort, LoadBalancer or ExternalName");
    }
    return new ServiceManifest(object, service, spec);
  }

  ManifestObject object() {
    return object;
  }

  /** Returns whether kube-proxy leaves the Service alone: headless, or somebody else's. */
  boolean isSkipped() {
    return isType("ExternalName")
        || clusterIpTexts().isEmpty()
        || ManifestObject.labels(service).containsKey(OTHER_PROXY);
  }

  private boolean isType(String type) {
    return Strings.nullToEmpty(spec.getType()).equals(type);
  }

  private List<String> clusterIpTexts() {
    List<String> all = Fields.orEmpty(spec.getClusterIPs());
    String only = Strings.nullToEmpty(spec.getClusterIP());
    List<String> texts = all.isEmpty() && !only.isEmpty() ? List.of(only) : all;
    return texts.contains("None") ? List.of() : texts;
  }

  /**
   * Returns the Service.
   *
   * @param endpoints tells the endpoints of a port by its name and protocol
   */
  Service read(BiFunction<String, ServiceProtocol, ImmutableList<Endpoint>> endpoints) {
    Service.Builder builder =
        Service.builder(object.namespace(), object.name())
            .annotations(annotations())
            .clusterIps(clusterIps())
            .externalIps(Fields.addresses(object, "spec.externalIPs", spec.getExternalIPs()))
            .externalPolicy(policy("spec.externalTrafficPolicy", spec.getExternalTrafficPolicy()))
            .internalPolicy(policy("spec.internalTrafficPolicy", spec.getInternalTrafficPolicy()))
            .ports(ports(endpoints));
    if (isType("LoadBalancer")) {
      builder.loadBalancerIps(loadBalancerIps()).sourceRanges(sourceRanges());
      Integer healthCheck = spec.getHealthCheckNodePort();
      if (healthCheck != null
          && healthCheck != 0
          && "Local".equals(spec.getExternalTrafficPolicy())) {
        builder.healthCheckNodePort(Fields.port(object, "spec.healthCheckNodePort", healthCheck));
      }
    }
    affinity(builder);
    return builder.build();
  }

  private Map<String, String> annotations() {
    Map<String, String> all = service.getMetadata().getAnnotations();
    return all == null
        ? Map.of()
        : Maps.filterEntries(
            all, entry -> ANNOTATIONS.contains(entry.getKey()) && entry.getValue() != null);
  }

  private ImmutableList<IpAddress> clusterIps() {
    if (Fields.orEmpty(spec.getClusterIPs()).isEmpty()) {
      return ImmutableList.of(Fields.address(object, "spec.clusterIP", spec.getClusterIP()));
    }
    List<String> texts = clusterIpTexts();
    ImmutableList<IpAddress> addresses = Fields.addresses(object, "spec.clusterIPs", texts);
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    for (int i = 0; i < addresses.size(); i++) {
      if (!families.add(addresses.get(i).family())) {
        throw object.error(
            "spec.clusterIPs[" + i + "]", addresses.get(i), "at most one address of each family");
      }
    }
    String first = Strings.nullToEmpty(spec.getClusterIP());
    if (!first.isEmpty() && !first.equals(texts.get(0))) {
      throw object.error(
          "spec.clusterIP", "\"" + first + "\"", "the first of spec.clusterIPs, " + texts.get(0));
    }
    return addresses;
  }

  private TrafficPolicy policy(String path, @Nullable String text) {
    return switch (Strings.nullToEmpty(text)) {
      case "", "Cluster" -> TrafficPolicy.CLUSTER;
      case "Local" -> TrafficPolicy.LOCAL;
      default -> throw object.error(path, "\"" + text + "\"", "Cluster or Local");
    };
  }

  private void affinity(Service.Builder builder) {
    switch (Strings.nullToEmpty(spec.getSessionAffinity())) {
      case "", "None" -> {}
      case "ClientIP" -> builder.affinitySeconds(affinitySeconds());
      default ->
          throw object.error(
              "spec.sessionAffinity", "\"" + spec.getSessionAffinity() + "\"", "None or ClientIP");
    }
  }

  private int affinitySeconds() {
    if (spec.getSessionAffinityConfig() == null
        || spec.getSessionAffinityConfig().getClientIP() == null
        || spec.getSessionAffinityConfig().getClientIP().getTimeoutSeconds() == null) {
      return USUAL_AFFINITY_SECONDS;
    }
    int seconds = spec.getSessionAffinityConfig().getClientIP().getTimeoutSeconds();
    if (seconds < 1 || seconds > Service.MAX_AFFINITY_SECONDS) {
      throw object.error(
          "spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds, "1 to 86400 seconds");
    }
    return seconds;
  }

  private ImmutableList<IpAddress> loadBalancerIps() {
    ServiceStatus status = service.getStatus();
    if (status == null || status.getLoadBalancer() == null) {
      return ImmutableList.of();
    }
    ImmutableList.Builder<IpAddress> addresses = ImmutableList.builder();
    List<LoadBalancerIngress> ingress = Fields.orEmpty(status.getLoadBalancer().getIngress());
    for (int i = 0; i < ingress.size(); i++) {
      String ip = Strings.nullToEmpty(ingress.get(i).getIp());
      if (!ip.isEmpty() && !"Proxy".equals(ingress.get(i).getIpMode())) {
        addresses.add(Fields.address(object, "status.loadBalancer.ingress[" + i + "].ip", ip));
      }
    }
    return addresses.build();
  }

  private ImmutableList<IpPrefix> sourceRanges() {
    ImmutableList.Builder<IpPrefix> ranges = ImmutableList.builder();
    List<String> texts = Fields.orEmpty(spec.getLoadBalancerSourceRanges());
    for (int i = 0; i < texts.size(); i++) {
      ranges.add(Fields.prefix(object, "spec.loadBalancerSourceRanges[" + i + "]", texts.get(i)));
    }
    return ranges.build();
  }

  private ImmutableList<ServicePort> ports(
      BiFunction<String, ServiceProtocol, ImmutableList<Endpoint>> endpoints) {
    boolean hasNodePorts = isType("NodePort") || isType("LoadBalancer");
    ImmutableList.Builder<ServicePort> ports = ImmutableList.builder();
    List<io.fabric8.kubernetes.api.model.ServicePort> written = Fields.orEmpty(spec.getPorts());
    if (written.isEmpty()) {
      throw object.error("spec.ports", "nothing", "at least one port");
    }
    Set<String> names = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    for (int i = 0; i < written.size(); i++) {
      io.fabric8.kubernetes.api.model.ServicePort port = written.get(i);
      String path = "spec.ports[" + i + "]";
      ServiceProtocol protocol = Fields.protocol(object, path + ".protocol", port.getProtocol());
      int number = Fields.port(object, path + ".port", port.getPort());
      String name = Strings.nullToEmpty(port.getName());
      if (!name.isEmpty()) {
        Fields.checkLabel(object, path + ".name", name);
      }
      if (!numbers.add(number + "/" + protocol)) {
        throw object.error(
            path + ".port", number + "/" + protocol, "a port that no earlier one has");
      }
      if (!names.add(name) || (name.isEmpty() && i > 0)) {
        throw object.error(
            path + ".name",
            name.isEmpty() ? "nothing" : "\"" + name + "\"",
            "a name that no earlier port has");
      }
      Integer nodePort = port.getNodePort();
      boolean hasNodePort = hasNodePorts && nodePort != null && nodePort != 0;
      ports.add(
          new ServicePort(
              name,
              protocol,
              number,
              hasNodePort ? Fields.port(object, path + ".nodePort", nodePort) : 0,
              endpoints.apply(name, protocol)));
    }
    if (names.contains("") && written.size() > 1) {
      throw object.error("spec.ports[0].name", "nothing", "a name, where there are several ports");
    }
    return ports.build();
  }
}
