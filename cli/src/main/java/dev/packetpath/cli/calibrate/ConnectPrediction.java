package dev.packetpath.cli.calibrate;

import dev.packetpath.compare.Configuration;
import dev.packetpath.compare.LabParameters;
import dev.packetpath.compare.work.ConnectionCost;
import dev.packetpath.compare.work.PathCosts;
import dev.packetpath.compare.work.PathWork;
import dev.packetpath.core.cost.CostModel;
import dev.packetpath.kubernetes.proxy.KubeVersion;
import dev.packetpath.kubernetes.proxy.ProxyMode;
import dev.packetpath.node.cost.Profile;

/**
 * What a profile says that connect() takes from a Pod to Services that are all as likely, by the
 * experiment's own work and prices: the set-up, and what the first packet costs.
 *
 * @param profile the profile
 * @param paths what nodes do for connections
 */
record ConnectPrediction(Profile profile, PathCosts paths) {
  /**
   * Returns nanoseconds.
   *
   * @param version the release of kube-proxy
   * @param services how many Services there are
   */
  double ns(KubeVersion version, int services) {
    return profile.lab().nanoseconds(LabParameters.SET_UP_TIME)
        + openingNs(work(paths, version, services), profile.costs());
  }

  /** Returns what the first packet costs, in nanoseconds. */
  static double openingNs(PathWork work, CostModel costs) {
    return ConnectionCost.of(work, costs).opening().totalNs();
  }

  /** Returns what a node does for connections to so many Services. */
  static PathWork work(PathCosts paths, KubeVersion version, int services) {
    return paths.work(
        new Configuration(
            ProxyMode.IPTABLES, version, false, services, ServiceConnections.ENDPOINTS, 1, 1));
  }
}
