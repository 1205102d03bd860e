package dev.packetpath.cli.calibrate;

import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.work.ConnectionCost;
import dev.packetpath.compare.work.PathCosts;
import dev.packetpath.compare.work.PathWork;
import dev.packetpath.core.cost.CostModel;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profile;
import java.io.IOException;

/**
 * What a profile says that connect() takes from a Pod to Services that are all as likely: the time
 * without rules, and what the handshake's three packets cost more, priced as {@link ConnectionCost}
 * prices connections.
 */
final class ConnectPrediction {
  /** The figure of the laboratory that has the time without rules. */
  static final String TCP_CONNECT = "tcpConnect";

  private final Profile profile;
  private final PathCosts paths;
  private final double withoutRulesNs;

  ConnectPrediction(Profile profile, PathCosts paths) throws IOException {
    this.profile = profile;
    this.paths = paths;
    this.withoutRulesNs = profile.costs().costAt(ConnectionWork.through("").work(), 0).totalNs();
  }

  /**
   * Returns nanoseconds.
   *
   * @param version the release of kube-proxy
   * @param services how many Services there are
   */
  double ns(KubeVersion version, int services) {
    CostModel costs = profile.costs();
    PathWork work = work(paths, version, services);
    double opening = ConnectionCost.of(work, costs).opening().totalNs();
    double handshake = costs.costAt(work.handshake(), costs.rules().inCacheNs()).totalNs();
    return profile.lab().nanoseconds(TCP_CONNECT) + opening + handshake - withoutRulesNs;
  }

  /** Returns what a node does for connections to so many Services. */
  static PathWork work(PathCosts paths, KubeVersion version, int services) {
    return paths.work(
        new Configuration(
            ProxyMode.IPTABLES, version, false, services, ServiceConnections.ENDPOINTS, 1, 1));
  }
}
