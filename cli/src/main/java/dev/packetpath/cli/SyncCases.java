package dev.packetpath.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.packetpath.kubernetes.Cluster;
import dev.packetpath.kubernetes.Endpoint;
import dev.packetpath.kubernetes.Service;
import dev.packetpath.kubernetes.ServicePort;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.sync.ProxySync;
import dev.packetpath.kubernetes.sync.Sync;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The occasions on which kube-proxy sends something, and what it sends then. */
final class SyncCases {
  private final Cluster cluster;
  private final String node;
  private final ProxyConfig config;

  private SyncCases(Cluster cluster, String node, ProxyConfig config) {
    this.cluster = cluster;
    this.node = node;
    this.config = config;
  }

  /** Returns what is sent, by occasion. */
  static ImmutableMap<String, Sync> of(Cluster cluster, String node, ProxyConfig config) {
    return new SyncCases(cluster, node, config).all();
  }

  private ImmutableMap<String, Sync> all() {
    ProxySync now = proxy(cluster.services());
    ImmutableMap.Builder<String, Sync> cases = ImmutableMap.builder();
    cases.put("start", now.first());
    cases.put(ProxySync.period(config).toSeconds() + " s later", now.periodic());
    withoutEndpoint()
        .ifPresent(
            services -> {
              ProxySync other = proxy(services);
              cases.put("endpoint comes", now.after(other));
              cases.put("endpoint goes", other.after(now));
            });
    if (!cluster.services().isEmpty()) {
      int last = cluster.services().size() - 1;
      ProxySync other = proxy(cluster.services().subList(0, last));
      cases.put("Service comes", now.after(other));
      cases.put("Service goes", other.after(now));
    }
    return cases.buildOrThrow();
  }

  private ProxySync proxy(ImmutableList<Service> services) {
    return ProxySync.of(cluster.withServices(services), node, config);
  }

  /** Returns the Services without the last endpoint of the first port that has several. */
  private Optional<ImmutableList<Service>> withoutEndpoint() {
    for (int s = 0; s < cluster.services().size(); s++) {
      Service service = cluster.services().get(s);
      for (int p = 0; p < service.ports().size(); p++) {
        ServicePort port = service.ports().get(p);
        int endpoints = port.endpoints().size();
        if (endpoints > 1) {
          List<ServicePort> ports = new ArrayList<>(service.ports());
          ports.set(p, withEndpoints(port, port.endpoints().subList(0, endpoints - 1)));
          List<Service> services = new ArrayList<>(cluster.services());
          services.set(s, service.toBuilder().ports(ports).build());
          return Optional.of(ImmutableList.copyOf(services));
        }
      }
    }
    return Optional.empty();
  }

  private static ServicePort withEndpoints(ServicePort port, ImmutableList<Endpoint> endpoints) {
    return new ServicePort(port.name(), port.protocol(), port.port(), port.nodePort(), endpoints);
  }
}
