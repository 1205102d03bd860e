package dev.packetpath.compare;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.util.Collection;

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

  /** Checks that there is something to do, and nothing twice. */
  public Sweep {
    checkDistinct("modes", modes);
    checkDistinct("services", services);
    checkDistinct("keepalive", keepalives);
  }

  private static void checkDistinct(String what, Collection<?> values) {
    checkArgument(!values.isEmpty(), "%s: none, expected at least one", what);
    checkArgument(
        values.stream().distinct().count() == values.size(),
        "%s: %s, expected each once",
        what,
        values);
  }

  /**
   * Returns the configurations: by keepalive, mode and layout, and number of Services.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public ImmutableList<Configuration> configurations() {
    ImmutableList.Builder<Configuration> all = ImmutableList.builder();
    for (int keepalive : keepalives) {
      for (ProxyMode mode : modes) {
        for (KubeVersion version : layouts(mode)) {
          for (int count : services) {
            all.add(
                new Configuration(
                    mode, version, calico, count, endpoints, keepalive, requestsPerSecond));
          }
        }
      }
    }
    return all.build();
  }

  private ImmutableList<KubeVersion> layouts(ProxyMode mode) {
    return mode == ProxyMode.IPTABLES
        ? ImmutableList.of(TWO_RULES_A_SERVICE, KubeVersion.CURRENT)
        : ImmutableList.of(release);
  }
}
