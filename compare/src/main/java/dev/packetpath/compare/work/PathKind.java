package dev.packetpath.compare.work;

import dev.packetpath.compare.Configuration;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyConfig;
import dev.packetpath.kubernetes.proxy.ProxyMode;

/**
 * What decides over the form of the rules, but for how many there are.
 *
 * @param mode kube-proxy's mode
 * @param version its release
 * @param calico whether Calico's rules are there
 * @param large whether kube-proxy takes the cluster for a large one, and leaves out comments
 */
record PathKind(ProxyMode mode, KubeVersion version, boolean calico, boolean large) {
  /** Beyond so many endpoints in all a cluster is large. */
  static final int LARGE_ENDPOINTS = 1_000;

  static PathKind of(Configuration configuration) {
    long endpoints = (long) configuration.services() * configuration.endpoints();
    return new PathKind(
        configuration.mode(),
        configuration.version(),
        configuration.calico(),
        configuration.mode() == ProxyMode.IPTABLES && endpoints > LARGE_ENDPOINTS);
  }

  ProxyConfig config() {
    return ProxyConfig.builder().mode(mode).version(version).build();
  }
}
