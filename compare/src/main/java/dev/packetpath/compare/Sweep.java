package dev.packetpath.compare;

import com.google.common.collect.ImmutableList;
import dev.packetpath.kubernetes.SyntheticCluster;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;

/**
 * The configurations of an experiment: every mode at every number of Services with every keepalive.
 *
 * @param modes the modes; iptables stands for both of its layouts
 * @param services numbers of Services
 * @param endpoints endpoints of each Service
 * @param keepalives requests of one connection
 * @param requestsPerSecond requests per second over all clients
 * @param calico whether Calico's rules are on the node too
 * @param release the release of kube-proxy of the modes that have one layout
 */
public record Sweep(
    ImmutableList<ProxyMode> modes,
    ImmutableList<Integer> services,
    int endpoints,
    ImmutableList<Integer> keepalives,
    double requestsPerSecond,
    boolean calico,
    KubeVersion release) {
  /** The last release with two rules a Service in KUBE-SERVICES. */
  public static final KubeVersion TWO_RULES_A_SERVICE = new KubeVersion(20);

  /** Checks that there is something to do, nothing twice, and that numbers are in range. */
  public Sweep {
    ModeSweep.checkDistinct("services", services);
    for (int count : services) {
      Configuration.checkSize(count, endpoints);
      SyntheticCluster.Size.check(count, endpoints);
    }
    ModeSweep.check(modes, keepalives, requestsPerSecond, calico);
  }

  /** Returns the configurations: by keepalive, mode and layout, and number of Services. */
  public ImmutableList<Configuration> configurations() {
    ImmutableList.Builder<Configuration> all = ImmutableList.builder();
    for (ModeSweep.Point point :
        new ModeSweep(modes, keepalives, requestsPerSecond, calico, release).points()) {
      for (int count : services) {
        all.add(
            new Configuration(
                point.mode(),
                point.version(),
                calico,
                count,
                endpoints,
                point.keepalive(),
                requestsPerSecond));
      }
    }
    return all.build();
  }
}
