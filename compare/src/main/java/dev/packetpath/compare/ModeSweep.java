package dev.packetpath.compare;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import java.util.Collection;

/**
 * What is asked of one cluster: every mode with every keepalive.
 *
 * @param modes the modes; iptables stands for both of its layouts
 * @param keepalives requests of one connection
 * @param requestsPerSecond requests per second over all clients
 * @param calico whether Calico's rules are on the node too
 * @param release the release of kube-proxy of the modes that have one layout
 */
public record ModeSweep(
    ImmutableList<ProxyMode> modes,
    ImmutableList<Integer> keepalives,
    double requestsPerSecond,
    boolean calico,
    KubeVersion release) {
  /**
   * A mode in one of its layouts, with a keepalive.
   *
   * @param mode the mode
   * @param version the release of kube-proxy, which decides the layout
   * @param keepalive requests of one connection
   */
  public record Point(ProxyMode mode, KubeVersion version, int keepalive) {}

  /** Checks that there is something to do, nothing twice, and that numbers are in range. */
  public ModeSweep {
    check(modes, keepalives, requestsPerSecond, calico);
  }

  static void check(
      Collection<ProxyMode> modes,
      Collection<Integer> keepalives,
      double requestsPerSecond,
      boolean calico) {
    checkDistinct("modes", modes);
    checkDistinct("keepalive", keepalives);
    keepalives.forEach(Configuration::checkKeepalive);
    Configuration.checkRate(requestsPerSecond);
    checkArgument(
        !calico || !modes.contains(ProxyMode.USERSPACE),
        "modes: userspace with Calico, expected iptables, ipvs or nftables");
  }

  static void checkDistinct(String what, Collection<?> values) {
    checkArgument(!values.isEmpty(), "%s: none, expected at least one", what);
    checkArgument(
        values.stream().distinct().count() == values.size(),
        "%s: %s, expected each once",
        what,
        values);
  }

  /** Returns the points: by keepalive, then by mode and layout. */
  public ImmutableList<Point> points() {
    ImmutableList.Builder<Point> all = ImmutableList.builder();
    for (int keepalive : keepalives) {
      for (ProxyMode mode : modes) {
        for (KubeVersion version : layouts(mode)) {
          all.add(new Point(mode, version, keepalive));
        }
      }
    }
    return all.build();
  }

  private ImmutableList<KubeVersion> layouts(ProxyMode mode) {
    return mode == ProxyMode.IPTABLES
        ? ImmutableList.of(Sweep.TWO_RULES_A_SERVICE, KubeVersion.CURRENT)
        : ImmutableList.of(release);
  }
}
