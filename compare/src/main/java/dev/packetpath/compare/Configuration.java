package dev.packetpath.compare;

import static com.google.common.base.Preconditions.checkArgument;

import dev.packetpath.compare.traffic.Arrivals;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;

/**
 * One point of the experiment.
 *
 * @param mode how kube-proxy programs the Services
 * @param version the release of kube-proxy, which decides the layout of its rules
 * @param calico whether Calico's rules are on the node too
 * @param services how many Services, at least 1
 * @param endpoints endpoints of each Service, at least 1
 * @param keepalive requests of one connection, at least 1; 1 is a new connection for each request
 * @param requestsPerSecond requests per second over all clients, more than 0, at most 1e8
 */
public record Configuration(
    ProxyMode mode,
    KubeVersion version,
    boolean calico,
    int services,
    int endpoints,
    int keepalive,
    double requestsPerSecond) {
  /** Checks the ranges. */
  public Configuration {
    checkSize(services, endpoints);
    checkKeepalive(keepalive);
    checkRate(requestsPerSecond);
  }

  static void checkSize(int services, int endpoints) {
    checkArgument(services >= 1, "services: %s, expected at least 1", services);
    checkArgument(endpoints >= 1, "endpoints: %s, expected at least 1", endpoints);
  }

  static void checkKeepalive(int keepalive) {
    checkArgument(keepalive >= 1, "keepalive: %s, expected at least 1", keepalive);
  }

  static void checkRate(double requestsPerSecond) {
    Arrivals.checkRate(requestsPerSecond);
  }
}
